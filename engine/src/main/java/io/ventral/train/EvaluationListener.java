package io.ventral.train;

import io.ventral.data.BadImage;

/** Sees an evaluation as it goes, image by image, in the order of the data set. */
@FunctionalInterface
public interface EvaluationListener {
  /** An image that counts. */
  void image(ImageResult result);

  /** An image that could not be read and does not count. */
  default void skipped(BadImage image) {}
}
