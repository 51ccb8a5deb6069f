package io.ventral.data;

import static io.ventral.data.SmallFiles.assertFails;
import static io.ventral.data.SmallFiles.gzip;
import static io.ventral.data.SmallFiles.idx;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.error.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFolderTest {
  private static final DataOptions DEFAULTS = DataOptions.defaults();
  private static final byte[] PIXELS = pixels(3 * 2 * 4);
  private static final String IMAGES = "train-images-idx3-ubyte";
  private static final String LABELS = "train-labels-idx1-ubyte";

  @TempDir Path root;

  @BeforeEach
  void writeFourFiles() throws IOException {
    write(IMAGES, idx(PIXELS, 3, 2, 4));
    write(LABELS, idx(new byte[] {2, 0, 1}, 3));
    write("t10k-images-idx3-ubyte.gz", gzip(idx(pixels(8), 1, 2, 4)));
    write("t10k-labels-idx1-ubyte.gz", gzip(idx(new byte[] {1}, 1)));
  }

  @Test
  void readsPlainAndGzip() throws IOException {
    write("README", new byte[0]);
    Splits splits = DataSource.open(root, DEFAULTS);
    Dataset train = splits.require(Split.TRAIN);
    assertEquals(
        "IDX files: train 3 val 1 images, 3 classes, 1 other files ignored", splits.description());
    assertEquals(List.of("0", "1", "2"), train.classNames());
    assertEquals(2, train.label(0));
    assertEquals("train[1]", train.name(1));
    RawImage image = train.image(1);
    assertArrayEquals(Arrays.copyOfRange(PIXELS, 8, 16), image.pixels());
    assertEquals(2, image.height());
    assertEquals(4, image.width());
    assertEquals(1, image.channels());
    assertEquals("val[0]", splits.require(Split.VAL).name(0));
    assertEquals(Optional.empty(), splits.test());
  }

  @Test
  void wrongMagic() throws IOException {
    write(IMAGES, idx(PIXELS, 3, 8));
    assertFails(ErrorKind.DATA, root, DEFAULTS, IMAGES, "begins with 00000802", "00000803");
  }

  @Test
  void truncatedAndOverlong() throws IOException {
    byte[] whole = idx(PIXELS, 3, 2, 4);
    write(IMAGES, Arrays.copyOf(whole, whole.length - 1));
    assertFails(ErrorKind.DATA, root, DEFAULTS, IMAGES, "truncated", "23", "24");
    write(IMAGES, Arrays.copyOf(whole, 10));
    assertFails(ErrorKind.DATA, root, DEFAULTS, IMAGES, "truncated in its header");
    write(IMAGES, Arrays.copyOf(whole, whole.length + 1));
    assertFails(ErrorKind.DATA, root, DEFAULTS, IMAGES, "longer than the 24 values");
  }

  @Test
  void absurdHeaderAllocatesNothing() throws IOException {
    write(IMAGES, idx(PIXELS, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE));
    assertFails(ErrorKind.DATA, root, DEFAULTS, IMAGES, "promises");
    write(IMAGES, idx(PIXELS, 60_000, 28, 1000));
    assertFails(ErrorKind.DATA, root, DEFAULTS, IMAGES, "truncated");
    write(IMAGES, idx(PIXELS, 3, -2, 4));
    assertFails(ErrorKind.DATA, root, DEFAULTS, IMAGES, "extent -2");
  }

  @Test
  void damagedGzip() throws IOException {
    Files.delete(root.resolve(IMAGES));
    byte[] whole = gzip(idx(PIXELS, 3, 2, 4));
    write(IMAGES + ".gz", Arrays.copyOf(whole, whole.length / 2));
    assertFails(ErrorKind.DATA, root, DEFAULTS, IMAGES + ".gz", "damaged gzip");
    byte[] flipped = whole.clone();
    flipped[flipped.length - 6] ^= 1;
    write(IMAGES + ".gz", flipped);
    assertFails(ErrorKind.DATA, root, DEFAULTS, IMAGES + ".gz", "damaged gzip");
    write(IMAGES + ".gz", idx(PIXELS, 3, 2, 4));
    assertFails(ErrorKind.DATA, root, DEFAULTS, IMAGES + ".gz", "damaged gzip");
  }

  @Test
  void labelsMustFitTheImages() throws IOException {
    write(LABELS, idx(new byte[] {2, 0}, 2));
    assertFails(ErrorKind.DATA, root, DEFAULTS, LABELS, "2 labels for 3 images");
    write(LABELS, idx(new byte[3], 3));
    assertFails(ErrorKind.DATA, root, DEFAULTS, "single class");
    write(LABELS, idx(new byte[] {1, 0, 1}, 3));
    write("t10k-labels-idx1-ubyte.gz", gzip(idx(new byte[] {(byte) 200}, 1)));
    assertFails(ErrorKind.DATA, root, DEFAULTS, "label 200 out of range", "0 to 1");
    Files.delete(root.resolve(LABELS));
    assertFails(ErrorKind.DATA, root, DEFAULTS, LABELS, "missing");
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(root.resolve(name), bytes);
  }

  private static byte[] pixels(int count) {
    byte[] pixels = new byte[count];
    for (int i = 0; i < count; i++) {
      pixels[i] = (byte) (37 * i);
    }
    return pixels;
  }
}
