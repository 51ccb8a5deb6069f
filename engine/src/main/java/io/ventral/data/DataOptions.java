package io.ventral.data;

import io.ventral.error.EngineException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the caller may say about a data folder.
 *
 * @param valSplit the share of the training images set aside for validation where the data has no
 *     validation images of its own, 0 to below 1
 * @param labels a file of {@code file,class} lines, for a flat folder
 * @param limitTrain largest number of training images; 0 = all
 * @param limitVal largest number of validation images, and of test images; 0 = all
 */
public record DataOptions(double valSplit, Optional<Path> labels, int limitTrain, int limitVal) {
  public DataOptions {
    if (!(valSplit >= 0 && valSplit < 1)) {
      throw EngineException.user("validation split " + valSplit + ": must be 0 to below 1");
    }
    if (limitTrain < 0 || limitVal < 0) {
      throw EngineException.user(
          "limits %d, %d: the number of images must not be negative"
              .formatted(limitTrain, limitVal));
    }
  }

  /** Returns the options of a caller who says nothing. */
  public static DataOptions defaults() {
    return new DataOptions(0, Optional.empty(), 0, 0);
  }
}
