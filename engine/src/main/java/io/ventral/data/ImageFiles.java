package io.ventral.data;

import io.ventral.error.EngineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The image files in a folder and in the folders inside it, links followed.
 *
 * @param images paths relative to {@code folder} with {@code /}, in code-point order
 * @param ignored number of other files
 */
record ImageFiles(Path folder, List<String> images, int ignored) {
  static final String EXPECTED = ".jpg .jpeg .png .bmp .gif .webp .tif .tiff";

  private static final Set<String> EXTENSIONS = Set.of(EXPECTED.split(" "));

  /** Returns whether the extension of {@code name}, in any case, is that of an image format. */
  static boolean isImage(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 && EXTENSIONS.contains(name.substring(dot).toLowerCase(Locale.ROOT));
  }

  /**
   * Returns the image files below {@code folder}; hidden ones, and all in hidden folders, count as
   * ignored.
   *
   * @throws EngineException DATA if a folder cannot be listed or a link leads back to its own
   *     folder
   */
  static ImageFiles in(Path folder) {
    List<String> images = new ArrayList<>();
    int ignored = 0;
    try (Stream<Path> paths = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      for (Path path : (Iterable<Path>) paths.filter(p -> !Files.isDirectory(p))::iterator) {
        Path relative = folder.relativize(path);
        if (isHidden(relative) || !isImage(relative.getFileName().toString())) {
          ignored++;
        } else {
          images.add(relative.toString().replace('\\', '/'));
        }
      }
    } catch (UncheckedIOException | IOException e) {
      throw EngineException.data(folder + ": cannot be listed: " + e.getMessage());
    }
    images.sort(CodePoints::compare);
    return new ImageFiles(folder, images, ignored);
  }

  /**
   * Returns the files and folders directly inside {@code folder}, in code-point order.
   *
   * @throws EngineException DATA if the folder cannot be listed
   */
  static List<Path> entries(Path folder) {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.sorted((a, b) -> CodePoints.compare(fileName(a), fileName(b))).toList();
    } catch (UncheckedIOException | IOException e) {
      throw EngineException.data(folder + ": cannot be listed: " + e.getMessage());
    }
  }

  static String fileName(Path path) {
    return path.getFileName().toString();
  }

  /** Returns 1 for a file, the number of all files inside for a folder. */
  static int count(Path entry) {
    if (!Files.isDirectory(entry)) {
      return 1;
    }
    ImageFiles files = in(entry);
    return files.images().size() + files.ignored();
  }

  /** Returns whether a part of the path begins with a dot. */
  static boolean isHidden(Path relative) {
    for (Path part : relative) {
      if (part.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }
}
