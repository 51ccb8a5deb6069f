package io.ventral.data;

import io.ventral.error.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Image files of which nothing is known: without class names, all with label 0. */
public final class UnlabelledImages implements Dataset {
  private final List<Path> files;

  private UnlabelledImages(List<Path> files) {
    this.files = List.copyOf(files);
  }

  /**
   * Returns the images at {@code paths} in this order; a folder stands for all images inside it and
   * inside its folders, in code-point order.
   *
   * @throws EngineException USER if a path leads nowhere, DATA if a folder holds no image
   */
  public static Dataset of(List<Path> paths) {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (Files.notExists(path)) {
        throw EngineException.user(path + ": no such file or folder");
      }
      files.addAll(Files.isDirectory(path) ? inside(path) : List.of(path));
    }
    return new UnlabelledImages(files);
  }

  private static List<Path> inside(Path folder) {
    ImageFiles found = ImageFiles.in(folder);
    if (found.images().isEmpty()) {
      throw EngineException.data(
          "%s: a folder without an image (%d other files); images end in %s"
              .formatted(folder, found.ignored(), ImageFiles.EXPECTED));
    }
    return found.images().stream().map(folder::resolve).toList();
  }

  @Override
  public int size() {
    return files.size();
  }

  @Override
  public List<String> classNames() {
    return List.of();
  }

  @Override
  public int label(int item) {
    return 0;
  }

  @Override
  public String name(int item) {
    return files.get(item).toString();
  }

  @Override
  public RawImage image(int item) {
    return Decoder.read(files.get(item));
  }
}
