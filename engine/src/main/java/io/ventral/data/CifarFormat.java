package io.ventral.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The two layouts of CIFAR's binary version: each record is its label bytes, of which the last
 * counts, then 32x32 bytes of red, of green and of blue.
 */
enum CifarFormat {
  CIFAR_10("CIFAR-10 batches", 1, 10, "test_batch.bin", "batches.meta.txt"),
  /** Coarse label, then fine label; the fine one is the class. */
  CIFAR_100("CIFAR-100 batches", 2, 100, "test.bin", "fine_label_names.txt");

  static final int EXTENT = 32;

  final String title;
  final int labelBytes;
  final int classes;
  final String testFile;
  final String namesFile;

  CifarFormat(String title, int labelBytes, int classes, String testFile, String namesFile) {
    this.title = title;
    this.labelBytes = labelBytes;
    this.classes = classes;
    this.testFile = testFile;
    this.namesFile = namesFile;
  }

  /** Returns the format of the batches in {@code root}, if there are any. */
  static Optional<CifarFormat> of(Path root) {
    for (CifarFormat format : values()) {
      if (!format.trainFiles(root).isEmpty()
          || Files.isRegularFile(root.resolve(format.testFile))) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  /** Returns the training batches in {@code root} in the order of their names. */
  List<Path> trainFiles(Path root) {
    return ImageFiles.entries(root).stream()
        .filter(file -> isTrainFile(ImageFiles.fileName(file)))
        .toList();
  }

  int recordBytes() {
    return labelBytes + 3 * EXTENT * EXTENT;
  }

  private boolean isTrainFile(String name) {
    return switch (this) {
      case CIFAR_10 -> name.startsWith("data_batch_") && name.endsWith(".bin");
      case CIFAR_100 -> name.equals("train.bin");
    };
  }
}
