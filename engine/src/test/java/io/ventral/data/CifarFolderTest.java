package io.ventral.data;

import static io.ventral.data.SmallFiles.assertFails;
import static io.ventral.data.SmallFiles.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.error.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarFolderTest {
  private static final DataOptions DEFAULTS = DataOptions.defaults();
  private static final String NAMES = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n";

  @TempDir Path root;

  @Test
  void readsTheBatchesOfCifar10InOrder() throws IOException {
    Files.write(root.resolve("data_batch_2.bin"), record(9));
    Files.write(root.resolve("data_batch_1.bin"), record(3));
    Files.write(root.resolve("test_batch.bin"), record(4));
    text(root.resolve("batches.meta.txt"), NAMES);
    Splits splits = DataSource.open(root, DEFAULTS);
    Dataset train = splits.require(Split.TRAIN);
    assertEquals(
        "CIFAR-10 batches: train 2 val 1 images, 10 classes, 1 other files ignored",
        splits.description());
    assertEquals("j", train.classNames().get(9));
    assertEquals(3, train.label(0));
    assertEquals(9, train.label(1));
    RawImage image = train.image(1);
    assertEquals(value(0, 33), image.value(1, 1, 0));
    assertEquals(value(1, 33), image.value(1, 1, 1));
    assertEquals(value(2, 1023), image.value(31, 31, 2));
  }

  @Test
  void theFineLabelOfCifar100IsTheClass() throws IOException {
    Files.write(root.resolve("train.bin"), record(5, 77));
    Files.write(root.resolve("test.bin"), record(5, 99));
    Splits splits = DataSource.open(root, DEFAULTS);
    assertEquals(100, splits.classNames().size());
    assertEquals(77, splits.require(Split.TRAIN).label(0));
    assertEquals(99, splits.require(Split.VAL).label(0));
    assertEquals(value(1, 0), splits.require(Split.VAL).image(0).value(0, 0, 1));
  }

  @Test
  void damagedBatches() throws IOException {
    Path batch = root.resolve("data_batch_1.bin");
    Files.write(batch, Arrays.copyOf(record(1), 3000));
    assertFails(ErrorKind.DATA, root, DEFAULTS, "data_batch_1.bin", "3000 bytes", "3073");
    Files.write(batch, record(10));
    assertFails(ErrorKind.DATA, root, DEFAULTS, "data_batch_1.bin", "label 10 out of range");
    Files.write(batch, record(1));
    text(root.resolve("batches.meta.txt"), "a\nb\n");
    assertFails(ErrorKind.DATA, root, DEFAULTS, "batches.meta.txt", "2 class names", "10");
  }

  private static byte[] record(int... labels) {
    byte[] record = new byte[labels.length + 3072];
    for (int i = 0; i < labels.length; i++) {
      record[i] = (byte) labels[i];
    }
    for (int i = 0; i < 3072; i++) {
      record[labels.length + i] = (byte) value(i / 1024, i % 1024);
    }
    return record;
  }

  private static int value(int channel, int pixel) {
    return (channel * 50 + pixel * 7) & 0xFF;
  }
}
