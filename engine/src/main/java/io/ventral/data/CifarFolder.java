package io.ventral.data;

import io.ventral.error.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** CIFAR's binary batches; the test batch is the validation split. */
final class CifarFolder {
  private static final int MAX_RECORDS = 500_000;

  private CifarFolder() {}

  /**
   * Returns the splits of {@code root}.
   *
   * @throws EngineException DATA if a batch is not whole or a label out of range
   */
  static Splits open(Path root, CifarFormat format) {
    List<String> classNames = classNames(root, format);
    List<Path> train = format.trainFiles(root);
    List<Path> val =
        List.of(root.resolve(format.testFile)).stream().filter(Files::isRegularFile).toList();
    return new Splits(
        format.title,
        dataset(Split.TRAIN, format, classNames, train),
        dataset(Split.VAL, format, classNames, val),
        Optional.empty(),
        ImageFiles.count(root) - train.size() - val.size());
  }

  private static Optional<Dataset> dataset(
      Split split, CifarFormat format, List<String> classNames, List<Path> files) {
    int records = files.stream().mapToInt(file -> records(file, format)).sum();
    if (records == 0) {
      return Optional.empty();
    }
    int extent = CifarFormat.EXTENT;
    byte[] labels = new byte[records];
    var pixels =
        new MemoryImages.Pixels(new byte[records * 3 * extent * extent], extent, extent, 3);
    int item = 0;
    for (Path file : files) {
      byte[] bytes = read(file);
      for (int at = 0; at < bytes.length; at += format.recordBytes()) {
        labels[item] = bytes[at + format.labelBytes - 1];
        requireLabel(file, labels[item] & 0xFF, classNames.size());
        interleave(bytes, at + format.labelBytes, pixels.values(), item * pixels.imageBytes());
        item++;
      }
    }
    return Optional.of(new MemoryImages(split, classNames, pixels, labels));
  }

  private static int records(Path file, CifarFormat format) {
    try {
      long size = Files.size(file);
      if (size == 0 || size % format.recordBytes() != 0) {
        throw EngineException.data(
            "%s: %d bytes; %s have a multiple of %d"
                .formatted(file, size, format.title, format.recordBytes()));
      }
      if (size / format.recordBytes() > MAX_RECORDS) {
        throw EngineException.data(
            file + ": " + size / format.recordBytes() + " images; at most " + MAX_RECORDS + " fit");
      }
      return (int) (size / format.recordBytes());
    } catch (IOException e) {
      throw EngineException.data(file + ": cannot be read: " + e.getMessage());
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw EngineException.data(file + ": cannot be read: " + e.getMessage());
    }
  }

  private static void interleave(byte[] planes, int from, byte[] pixels, int to) {
    int plane = CifarFormat.EXTENT * CifarFormat.EXTENT;
    for (int i = 0; i < plane; i++) {
      for (int channel = 0; channel < 3; channel++) {
        pixels[to + 3 * i + channel] = planes[from + channel * plane + i];
      }
    }
  }

  private static void requireLabel(Path file, int label, int classes) {
    if (label >= classes) {
      throw EngineException.data(
          "%s: label %d out of range; 0 to %d fit".formatted(file, label, classes - 1));
    }
  }

  private static List<String> classNames(Path root, CifarFormat format) {
    Path file = root.resolve(format.namesFile);
    if (!Files.isRegularFile(file)) {
      return IntStream.range(0, format.classes).mapToObj(String::valueOf).toList();
    }
    try {
      List<String> names =
          Files.readAllLines(file).stream().map(String::strip).filter(s -> !s.isEmpty()).toList();
      if (names.size() != format.classes) {
        throw EngineException.data(
            "%s: %d class names; %s have %d"
                .formatted(file, names.size(), format.title, format.classes));
      }
      return names;
    } catch (IOException e) {
      throw EngineException.data(file + ": cannot be read: " + e.getMessage());
    }
  }
}
