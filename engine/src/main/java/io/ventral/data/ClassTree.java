package io.ventral.data;

import io.ventral.error.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A folder with one folder of images for each class.
 *
 * @param classes the image files of each class folder, in code-point order of its name
 * @param ignored number of files that are no images or in no class folder
 */
record ClassTree(Path folder, List<ImageFiles> classes, int ignored) {

  /**
   * Returns what lies in {@code folder}.
   *
   * @throws EngineException DATA if a class folder has no image or cannot be listed
   */
  static ClassTree in(Path folder) {
    List<ImageFiles> classes = new ArrayList<>();
    int ignored = 0;
    for (Path entry : ImageFiles.entries(folder)) {
      if (Files.isDirectory(entry) && !ImageFiles.isHidden(entry.getFileName())) {
        ImageFiles files = ImageFiles.in(entry);
        requireImages(files);
        classes.add(files);
        ignored += files.ignored();
      } else {
        ignored += ImageFiles.count(entry);
      }
    }
    return new ClassTree(folder, classes, ignored);
  }

  List<String> classNames() {
    return classes.stream().map(files -> ImageFiles.fileName(files.folder())).toList();
  }

  /**
   * Returns the images, labelled by their folder's place in {@code classNames}, with names relative
   * to {@code root}.
   *
   * @throws EngineException DATA if a folder is none of these classes
   */
  Dataset dataset(Path root, List<String> classNames) {
    List<String> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (ImageFiles images : classes) {
      int label = classNames.indexOf(ImageFiles.fileName(images.folder()));
      if (label < 0) {
        throw EngineException.data(
            "%s: a class that training does not know; its %d classes run from '%s' to '%s'"
                .formatted(
                    images.folder(),
                    classNames.size(),
                    classNames.getFirst(),
                    classNames.getLast()));
      }
      String prefix = root.relativize(images.folder()).toString().replace('\\', '/') + "/";
      images.images().forEach(image -> files.add(prefix + image));
      labels.addAll(Collections.nCopies(images.images().size(), label));
    }
    return new FileImages(root, classNames, files, toArray(labels));
  }

  private static int[] toArray(List<Integer> labels) {
    return labels.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void requireImages(ImageFiles files) {
    if (files.images().isEmpty()) {
      throw EngineException.data(
          "%s: a class folder without an image (%d other files); images end in %s"
              .formatted(files.folder(), files.ignored(), ImageFiles.EXPECTED));
    }
  }
}
