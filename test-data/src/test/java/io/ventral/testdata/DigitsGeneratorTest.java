package io.ventral.testdata;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.testdata.DigitsGenerator.Split;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checked-in digits are what the generator draws: pixels are compared, not files' bytes. */
class DigitsGeneratorTest {
  /** Not a divisor of the class sizes, and small enough to meet every variant of every digit. */
  private static final int STRIDE = 7;

  private static final Path PROJECT = project();
  private static final Path DIGITS = PROJECT.resolve("test-data/digits");

  /** The project's root, whether the tests run in it or in the module's folder. */
  private static Path project() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isDirectory(here.resolve("test-data")) ? here : here.getParent();
  }

  @Test
  void aSampleIsDrawnAgainPixelByPixel() throws IOException {
    for (Split split : Split.values()) {
      for (int digit = 0; digit < DigitsGenerator.CLASSES; digit++) {
        for (int index = 0; index < split.perClass(); index += STRIDE) {
          Path file = DigitsGenerator.file(split, digit, index);
          byte[] drawn = DigitsGenerator.pixels(split, digit, index);
          assertArrayEquals(pixels(DIGITS.resolve(file)), drawn, file.toString());
        }
      }
    }
  }

  @Test
  void eachClassHasItsNumberOfFilesAndNoOthers() throws IOException {
    assertEquals(List.of("train", "val"), folders(DIGITS));
    for (Split split : Split.values()) {
      Path folder = DIGITS.resolve(split.folder());
      assertEquals(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"), folders(folder));
      for (String digit : folders(folder)) {
        try (Stream<Path> files = Files.list(folder.resolve(digit))) {
          assertEquals(split == Split.TRAIN ? 200 : 50, files.count(), split + " " + digit);
        }
      }
    }
  }

  @Test
  void everyPictureIs28By28GreyAndNoneIsThereTwice() throws IOException {
    Set<ByteBuffer> seen = new HashSet<>();
    for (Split split : Split.values()) {
      for (int digit = 0; digit < DigitsGenerator.CLASSES; digit++) {
        for (int index = 0; index < split.perClass(); index++) {
          Path file = DIGITS.resolve(DigitsGenerator.file(split, digit, index));
          BufferedImage image = ImageIO.read(file.toFile());
          assertEquals(28, image.getWidth(), file.toString());
          assertEquals(28, image.getHeight(), file.toString());
          assertTrue(seen.add(ByteBuffer.wrap(pixels(file))), file + " repeats another picture");
        }
      }
    }
    assertEquals(2500, seen.size());
  }

  @Test
  void theContactSheetShowsThesePictures() throws IOException {
    byte[] sheet = pixels(PROJECT.resolve("docs/images/digits.png"));
    assertArrayEquals(ContactSheet.pixels(), sheet);
  }

  @Test
  void aWrittenPictureReadsBackUnchanged(@TempDir Path folder) throws IOException {
    byte[] everyGrey = new byte[256];
    for (int i = 0; i < everyGrey.length; i++) {
      everyGrey[i] = (byte) i;
    }
    Path file = folder.resolve("new/folder/grey.png");
    GreyPng.write(file, everyGrey, 32);
    assertArrayEquals(everyGrey, pixels(file));
  }

  private static List<String> folders(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> entry.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  /** The grey values of a picture, which must be stored as 8-bit grey. */
  private static byte[] pixels(Path file) throws IOException {
    BufferedImage image = ImageIO.read(file.toFile());
    assertEquals(BufferedImage.TYPE_BYTE_GRAY, image.getType(), file.toString());
    byte[] pixels = new byte[image.getWidth() * image.getHeight()];
    image.getRaster().getDataElements(0, 0, image.getWidth(), image.getHeight(), pixels);
    return pixels;
  }
}
