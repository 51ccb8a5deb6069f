package io.ventral.backend.onednn.loop;

import java.util.stream.IntStream;

/**
 * Small arrays of which each thread writes its own, and those that all read meanwhile: so much
 * longer than asked for that no two of them lie in one cache line. A line that one core writes and
 * another touches goes to and fro between them, at the price of some hundred additions.
 */
final class Separate {
  /** Two lines: processors fetch them in pairs. */
  private static final int GAP_BYTES = 128;

  private Separate() {}

  static int[] ints(int count) {
    return new int[count + GAP_BYTES / Integer.BYTES];
  }

  static byte[][] bytes(int threads, int count) {
    return IntStream.range(0, threads)
        .mapToObj(thread -> new byte[count + GAP_BYTES])
        .toArray(byte[][]::new);
  }

  static float[][] floats(int threads, int count) {
    return IntStream.range(0, threads)
        .mapToObj(thread -> new float[count + GAP_BYTES / Float.BYTES])
        .toArray(float[][]::new);
  }

  static double[][] doubles(int threads, int count) {
    return IntStream.range(0, threads)
        .mapToObj(thread -> new double[count + GAP_BYTES / Double.BYTES])
        .toArray(double[][]::new);
  }
}
