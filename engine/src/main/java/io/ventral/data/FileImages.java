package io.ventral.data;

import java.nio.file.Path;
import java.util.List;

/** Image files below one folder, decoded when asked for. */
final class FileImages implements Dataset {
  private final Path root;
  private final List<String> classNames;
  private final List<String> files;
  private final int[] labels;

  /** {@code files} are relative to {@code root}; {@code labels} has one class index for each. */
  FileImages(Path root, List<String> classNames, List<String> files, int[] labels) {
    this.root = root;
    this.classNames = List.copyOf(classNames);
    this.files = List.copyOf(files);
    this.labels = labels.clone();
  }

  @Override
  public int size() {
    return files.size();
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public int label(int item) {
    return labels[item];
  }

  @Override
  public String name(int item) {
    return files.get(item);
  }

  @Override
  public RawImage image(int item) {
    return Decoder.read(root.resolve(files.get(item)));
  }
}
