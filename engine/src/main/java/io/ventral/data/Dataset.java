package io.ventral.data;

import java.util.List;

/** Labelled images, numbered from 0. All methods may be called from several threads at once. */
public interface Dataset {
  int size();

  /** Returns the class names by class index. */
  List<String> classNames();

  /** Returns the class index of {@code item}. */
  int label(int item);

  /**
   * Returns what messages call {@code item}: a file below the root, or such as {@code train[123]}.
   */
  String name(int item);

  /**
   * Returns the decoded image of {@code item}.
   *
   * @throws io.ventral.error.EngineException DATA, naming the file, if it cannot be read
   */
  RawImage image(int item);
}
