package io.ventral.backend.cuda;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How cuDNN is to compute one convolution.
 *
 * @param number cuDNN's for the algorithm
 * @param mathType cuDNN's for the arithmetic
 */
record Algorithm(int number, int mathType, long workspaceBytes) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,3}) math (\\d{1,3}) (\\d{1,15}) B");

  /** Returns what {@link #toString} wrote; empty if the text is no such thing. */
  static Optional<Algorithm> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new Algorithm(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Long.parseLong(matcher.group(3))))
        : Optional.empty();
  }

  /** Returns for example {@code 1 math 3 4096 B}. */
  @Override
  public String toString() {
    return number + " math " + mathType + " " + workspaceBytes + " B";
  }
}
