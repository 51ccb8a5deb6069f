package io.ventral.data;

import io.ventral.error.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The four IDX files of MNIST and its successors, plain or {@code .gz}; {@code t10k} is the
 * validation split. Classes are named by their numbers, 0 to the largest label of the training
 * images.
 */
final class IdxFolder {
  private IdxFolder() {}

  /** Returns whether any of the four files is in {@code root}. */
  static boolean isIn(Path root) {
    return Stream.of("train", "t10k")
        .flatMap(prefix -> Stream.of(find(root, images(prefix)), find(root, labels(prefix))))
        .anyMatch(Optional::isPresent);
  }

  /**
   * Returns the splits of {@code root}; one of the two may be missing as a whole.
   *
   * @throws EngineException DATA if a file is damaged or does not fit its partner
   */
  static Splits open(Path root) {
    Optional<Part> train = part(root, "train");
    Optional<Part> val = part(root, "t10k");
    List<String> classNames = classNames(root, train.or(() -> val).orElseThrow());
    val.ifPresent(part -> part.requireLabelsBelow(classNames.size()));
    int used = 2 * (int) Stream.of(train, val).filter(Optional::isPresent).count();
    return new Splits(
        "IDX files",
        train.map(part -> part.dataset(Split.TRAIN, classNames)),
        val.map(part -> part.dataset(Split.VAL, classNames)),
        Optional.empty(),
        Math.max(0, ImageFiles.count(root) - used));
  }

  private record Part(Path file, IdxFile images, IdxFile labels) {
    Part {
      if (images.extents()[0] != labels.extents()[0]) {
        throw EngineException.data(
            "%s: %d labels for %d images"
                .formatted(file, labels.extents()[0], images.extents()[0]));
      }
    }

    int classes() {
      return 1 + IntStream.range(0, labels.values().length).map(this::label).max().orElseThrow();
    }

    void requireLabelsBelow(int classes) {
      if (classes() > classes) {
        throw EngineException.data(
            "%s: label %d out of range; the training images have labels 0 to %d"
                .formatted(file, classes() - 1, classes - 1));
      }
    }

    Dataset dataset(Split split, List<String> classNames) {
      int[] extents = images.extents();
      var pixels = new MemoryImages.Pixels(images.values(), extents[1], extents[2], 1);
      return new MemoryImages(split, classNames, pixels, labels.values());
    }

    private int label(int item) {
      return labels.values()[item] & 0xFF;
    }
  }

  private static Optional<Part> part(Path root, String prefix) {
    Optional<Path> images = find(root, images(prefix));
    Optional<Path> labels = find(root, labels(prefix));
    if (images.isEmpty() && labels.isEmpty()) {
      return Optional.empty();
    }
    Path imageFile = images.orElseThrow(() -> missing(root, images(prefix)));
    Path labelFile = labels.orElseThrow(() -> missing(root, labels(prefix)));
    return Optional.of(new Part(labelFile, IdxFile.read(imageFile, 3), IdxFile.read(labelFile, 1)));
  }

  private static List<String> classNames(Path root, Part part) {
    if (part.classes() < 2) {
      throw EngineException.data(
          root + ": all labels are 0, a single class; at least two classes are needed");
    }
    return IntStream.range(0, part.classes()).mapToObj(String::valueOf).toList();
  }

  private static EngineException missing(Path root, String file) {
    return EngineException.data(root + ": " + file + " (or .gz) is missing beside its partner");
  }

  private static String images(String prefix) {
    return prefix + "-images-idx3-ubyte";
  }

  private static String labels(String prefix) {
    return prefix + "-labels-idx1-ubyte";
  }

  private static Optional<Path> find(Path root, String name) {
    return Stream.of(name, name + ".gz")
        .map(root::resolve)
        .filter(Files::isRegularFile)
        .findFirst();
  }
}
