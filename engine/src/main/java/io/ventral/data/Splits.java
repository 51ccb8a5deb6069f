package io.ventral.data;

import io.ventral.error.EngineException;
import io.ventral.tensor.Philox;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The parts of a data folder, at least one of them. All have the same class names.
 *
 * @param format what the folder was recognised as
 * @param ignoredFiles how many files were no images, hidden or not listed
 */
public record Splits(
    String format,
    Optional<Dataset> train,
    Optional<Dataset> val,
    Optional<Dataset> test,
    int ignoredFiles) {
  private static final int PURPOSE = Philox.purpose("val-split");

  /** Returns the class names by class index. */
  public List<String> classNames() {
    return Stream.of(train, val, test)
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow()
        .classNames();
  }

  /**
   * Returns one part.
   *
   * @throws EngineException USER if the data has no such part
   */
  public Dataset require(Split split) {
    Optional<Dataset> dataset =
        switch (split) {
          case TRAIN -> train;
          case VAL -> val;
          case TEST -> test;
        };
    return dataset.orElseThrow(
        () -> EngineException.user("the data has no part '" + split + "' (" + description() + ")"));
  }

  /** Returns one line: format, images of each part, classes, ignored files. */
  public String description() {
    StringBuilder text = new StringBuilder(format).append(":");
    train.ifPresent(dataset -> text.append(" train ").append(dataset.size()));
    val.ifPresent(dataset -> text.append(" val ").append(dataset.size()));
    test.ifPresent(dataset -> text.append(" test ").append(dataset.size()));
    text.append(" images, ").append(classNames().size()).append(" classes");
    if (ignoredFiles > 0) {
      text.append(", ").append(ignoredFiles).append(" other files ignored");
    }
    return text.toString();
  }

  /**
   * Returns these splits with a {@code share} of the training images set aside for validation, if
   * they have no validation images yet. A hash of its name alone decides about an image, so that
   * images added later move no other.
   */
  Splits withValFromTrain(double share) {
    if (share == 0 || val.isPresent() || train.isEmpty()) {
      return this;
    }
    Dataset all = train.get();
    Dataset rest = choose(all, item -> position(all.name(item)) >= share);
    Dataset chosen = choose(all, item -> position(all.name(item)) < share);
    if (rest.size() == 0 || chosen.size() == 0) {
      throw EngineException.user(
          "validation split %s of %d images leaves %d to train on and %d to validate with"
              .formatted(share, all.size(), rest.size(), chosen.size()));
    }
    return new Splits(format, Optional.of(rest), Optional.of(chosen), test, ignoredFiles);
  }

  /** Returns these splits cut to evenly spaced items; a limit of 0 cuts nothing. */
  Splits limited(int limitTrain, int limitVal) {
    return new Splits(
        format,
        train.map(dataset -> Subset.evenlySpaced(dataset, limitTrain)),
        val.map(dataset -> Subset.evenlySpaced(dataset, limitVal)),
        test.map(dataset -> Subset.evenlySpaced(dataset, limitVal)),
        ignoredFiles);
  }

  private static Dataset choose(Dataset all, IntPredicate wanted) {
    return new Subset(all, IntStream.range(0, all.size()).filter(wanted).toArray());
  }

  private static double position(String name) {
    return new Philox(Philox.purpose(name)).uniform(PURPOSE, 0, 0);
  }
}
