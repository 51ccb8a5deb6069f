package io.ventral.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"a.png", "a.bmp", "a.gif", "a.jpg", "a.tif"})
  void readsEveryFormat(String name) throws IOException {
    RawImage image = Decoder.read(SmallFiles.picture(folder.resolve(name), 16, 24, 0xC83C14));
    assertEquals(16, image.height());
    assertEquals(24, image.width());
    assertEquals(3, image.channels());
    assertEquals(200, image.value(7, 9, 0), 2);
    assertEquals(60, image.value(7, 9, 1), 2);
    assertEquals(20, image.value(7, 9, 2), 2);
  }

  @Test
  void greyIsTakenAsItIs() throws IOException {
    BufferedImage grey = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage deep = new BufferedImage(256, 1, BufferedImage.TYPE_USHORT_GRAY);
    byte[] expected = new byte[256];
    for (int x = 0; x < 256; x++) {
      expected[x] = (byte) x;
      grey.getRaster().setSample(x, 0, 0, x);
      deep.getRaster().setSample(x, 0, 0, x << 8 | 255 - x);
    }
    for (BufferedImage image : new BufferedImage[] {grey, deep}) {
      RawImage read = Decoder.read(SmallFiles.write(folder.resolve("grey.png"), image));
      assertEquals(1, read.channels());
      assertArrayEquals(expected, read.pixels());
    }
  }

  @Test
  void palettesBecomeColoursAndAlphaIsDropped() throws IOException {
    BufferedImage alpha = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    alpha.setRGB(0, 0, 0x01FF8040);
    RawImage read = Decoder.read(SmallFiles.write(folder.resolve("alpha.png"), alpha));
    assertArrayEquals(new byte[] {-1, -128, 64}, read.pixels());
    BufferedImage palette = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED);
    palette.setRGB(0, 0, 0xFFFF0000);
    read = Decoder.read(SmallFiles.write(folder.resolve("palette.png"), palette));
    assertArrayEquals(new byte[] {-1, 0, 0, 0, 0, 0}, read.pixels());
    BufferedImage binary = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
    binary.setRGB(1, 0, 0xFFFFFFFF);
    read = Decoder.read(SmallFiles.write(folder.resolve("binary.png"), binary));
    assertEquals(1, read.channels());
    assertArrayEquals(new byte[] {0, -1}, read.pixels());
  }

  @Test
  void unreadableFilesAreNamed() throws IOException {
    assertFails(folder.resolve("none.png"), "no such file");
    assertFails(Files.createFile(folder.resolve("empty.png")), "empty file");
    assertFails(SmallFiles.text(folder.resolve("page.jpg"), "<html>"), "HTML");
    Path webp = folder.resolve("a.webp");
    Files.write(webp, "RIFF....WEBPVP8 ".getBytes(StandardCharsets.ISO_8859_1));
    assertFails(webp, "WebP");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png"})
  void truncatedFilesAreNoImages(String format) throws IOException {
    Path file = noise("whole." + format);
    byte[] whole = Files.readAllBytes(file);
    assertEquals(40, Decoder.decode(whole).height());
    Path half = folder.resolve("half." + format);
    Files.write(half, Arrays.copyOf(whole, whole.length / 2));
    assertFails(half, "");
  }

  @Test
  void sizeIsCheckedBeforeDecoding() throws IOException {
    byte[] png = Files.readAllBytes(SmallFiles.picture(folder.resolve("a.png"), 1, 1, 0));
    // Width and height are at bytes 16 and 20; the reader does not verify the header's checksum.
    png[17] = 2;
    png[21] = 2;
    Path file = folder.resolve("huge.png");
    Files.write(file, png);
    assertFails(file, "131073x131073 pixels; at most 100000000 fit");
  }

  /** Property: whatever the bytes are, there is an image or an error about data. */
  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "gif", "bmp", "tif"})
  void damagedBytesGiveAnImageOrADataError(String format) throws IOException {
    byte[] whole = Files.readAllBytes(noise("noise." + format));
    Random random = new Random(7);
    for (int round = 0; round < 150; round++) {
      byte[] damaged = whole.clone();
      for (int i = 0; i < 1 + round % 4; i++) {
        int end = random.nextBoolean() ? Math.min(64, damaged.length) : damaged.length;
        damaged[random.nextInt(end)] = (byte) random.nextInt(256);
      }
      try {
        Decoder.decode(damaged);
      } catch (EngineException e) {
        assertEquals(ErrorKind.DATA, e.kind(), e.getMessage());
      }
    }
  }

  private Path noise(String name) throws IOException {
    BufferedImage image = new BufferedImage(50, 40, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(3);
    for (int i = 0; i < 2000; i++) {
      image.setRGB(i % 50, i / 50, random.nextInt(1 << 24));
    }
    return SmallFiles.write(folder.resolve(name), image);
  }

  private static void assertFails(Path file, String part) {
    var problem = assertThrows(EngineException.class, () -> Decoder.read(file));
    assertEquals(ErrorKind.DATA, problem.kind());
    assertEquals(1, problem.getMessage().lines().count());
    assertTrue(problem.getMessage().startsWith(file.toString()), problem.getMessage());
    assertTrue(problem.getMessage().contains(part), problem.getMessage());
  }
}
