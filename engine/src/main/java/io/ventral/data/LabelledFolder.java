package io.ventral.data;

import io.ventral.error.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A folder of images with a labels file of {@code file,class} lines, UTF-8, fields quoted where
 * they hold a comma; a first line that names no image is a heading. The class index is the rank of
 * the class in code-point order.
 */
final class LabelledFolder {
  private LabelledFolder() {}

  /**
   * Returns the images of {@code root} that {@code labels} lists, in code-point order.
   *
   * @throws EngineException USER if there is no labels file, DATA if a line does not fit
   */
  static Splits open(Path root, Path labels) {
    Map<String, String> classes = read(root, labels);
    List<String> classNames =
        classes.values().stream().distinct().sorted(CodePoints::compare).toList();
    if (classNames.size() < 2) {
      throw EngineException.data(
          "%s: %d classes in %d lines; at least two are needed"
              .formatted(labels, classNames.size(), classes.size()));
    }
    List<String> files = List.copyOf(classes.keySet());
    int[] indices =
        files.stream()
            .mapToInt(
                file ->
                    Collections.binarySearch(classNames, classes.get(file), CodePoints::compare))
            .toArray();
    int ignored = Math.max(0, ImageFiles.count(root) - files.size());
    return new Splits(
        "labelled folder",
        Optional.of(new FileImages(root, classNames, files, indices)),
        Optional.empty(),
        Optional.empty(),
        ignored);
  }

  /** Returns the class of each file, sorted by file. */
  private static Map<String, String> read(Path root, Path labels) {
    Map<String, String> classes = new TreeMap<>(CodePoints::compare);
    List<String> lines = lines(labels);
    for (int i = 0; i < lines.size(); i++) {
      List<String> fields = CsvLine.fields(lines.get(i));
      boolean heading = i == 0 && !ImageFiles.isImage(fields.getFirst());
      if (heading || lines.get(i).isBlank()) {
        continue;
      }
      String at = labels + " line " + (i + 1);
      if (fields.size() != 2 || fields.get(0).isEmpty() || fields.get(1).isEmpty()) {
        throw EngineException.data(at + ": '" + lines.get(i) + "'; file,class fits");
      }
      if (!Files.isRegularFile(root.resolve(fields.get(0)))) {
        throw EngineException.data(at + ": no file " + root.resolve(fields.get(0)));
      }
      if (classes.put(fields.get(0), fields.get(1)) != null) {
        throw EngineException.data(at + ": " + fields.get(0) + " is listed twice");
      }
    }
    return classes;
  }

  private static List<String> lines(Path labels) {
    if (!Files.isRegularFile(labels)) {
      throw EngineException.user(labels + ": no such labels file");
    }
    try {
      return Files.readAllLines(labels);
    } catch (IOException e) {
      throw EngineException.data(labels + ": cannot be read as UTF-8 text: " + e.getMessage());
    }
  }
}
