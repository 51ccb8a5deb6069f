package io.ventral.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Agreement of arrays of numbers. */
public final class Close {
  private Close() {}

  /** Asserts |actual − expected| ≤ relative·|expected| + absolute for every element. */
  public static void elementwise(
      String what, double[] expected, double[] actual, double relative, double absolute) {
    assertEquals(expected.length, actual.length, what + ": elements");
    for (int i = 0; i < expected.length; i++) {
      double allowed = relative * Math.abs(expected[i]) + absolute;
      assertTrue(
          Math.abs(actual[i] - expected[i]) <= allowed,
          "%s[%d]: expected %s, was %s".formatted(what, i, expected[i], actual[i]));
    }
  }

  /** Returns the largest magnitude. */
  public static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
