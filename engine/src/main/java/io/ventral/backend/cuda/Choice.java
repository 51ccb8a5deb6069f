package io.ventral.backend.cuda;

import java.util.Optional;

/**
 * What a search for an algorithm ended with.
 *
 * @param algorithm empty where cuDNN has none
 */
record Choice(Optional<Algorithm> algorithm) {
  private static final String NONE = "none";

  static Choice of(Algorithm algorithm) {
    return new Choice(Optional.of(algorithm));
  }

  /** Returns what {@link #toString} wrote; empty if the text is no such thing. */
  static Optional<Choice> parse(String text) {
    return text.equals(NONE)
        ? Optional.of(new Choice(Optional.empty()))
        : Algorithm.parse(text).map(Choice::of);
  }

  /** Returns the algorithm's text, or {@code none}. */
  @Override
  public String toString() {
    return algorithm.map(Algorithm::toString).orElse(NONE);
  }
}
