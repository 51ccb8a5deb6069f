package io.ventral.cli;

/** The classes of an image in the order of their probabilities. */
final class BestClasses {
  private BestClasses() {}

  /**
   * Returns the indices of the {@code count} highest values, or of all if they are fewer, the
   * highest first; among equals the lower index, and NaN behind all numbers.
   */
  static int[] of(double[] values, int count) {
    int[] best = new int[Math.min(count, values.length)];
    boolean[] taken = new boolean[values.length];
    for (int rank = 0; rank < best.length; rank++) {
      int next = -1;
      for (int i = 0; i < values.length; i++) {
        if (!taken[i] && (next < 0 || isHigher(values[i], values[next]))) {
          next = i;
        }
      }
      taken[next] = true;
      best[rank] = next;
    }
    return best;
  }

  private static boolean isHigher(double a, double b) {
    return a > b || (Double.isNaN(b) && !Double.isNaN(a));
  }
}
