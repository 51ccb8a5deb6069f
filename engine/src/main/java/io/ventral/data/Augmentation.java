package io.ventral.data;

import io.ventral.error.EngineException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How training images are varied at random. */
public enum Augmentation {
  /** Not at all: images are framed as in evaluation. */
  NONE,
  /** A random part, 8–100 % of the area, resized to the input, mirrored half of the time. */
  DEFAULT,
  /** Moved by up to two pixels, not mirrored: for small images of a fixed size, such as digits. */
  SHIFT;

  private static final int MAX_SHIFT = 2;

  /**
   * Returns the augmentation called {@code name}, such as {@code default}.
   *
   * @throws EngineException USER if there is none of that name
   */
  public static Augmentation of(String name) {
    return Arrays.stream(values())
        .filter(augmentation -> augmentation.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> EngineException.user("augmentation '" + name + "': fits " + names()));
  }

  /** Returns the name as given on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns what the network sees of {@code image} this time. */
  Framing frame(Preprocessing preprocessing, RawImage image, Draws draws) {
    return switch (this) {
      case NONE -> preprocessing.frame(image);
      case DEFAULT -> RandomCrop.frame(preprocessing, image, draws);
      case SHIFT ->
          preprocessing
              .frame(image)
              .shifted(
                  draws.below(0, 2 * MAX_SHIFT + 1) - MAX_SHIFT,
                  draws.below(1, 2 * MAX_SHIFT + 1) - MAX_SHIFT);
    };
  }

  private static String names() {
    return Arrays.stream(values()).map(Augmentation::toString).collect(Collectors.joining(", "));
  }
}
