package io.ventral.testing;

import io.ventral.tensor.Philox;

/** A stream of seeded choices: the same seed, the same test. */
public final class Choices {
  private final Philox philox;
  private long drawn;

  public Choices(long seed) {
    philox = new Philox(seed);
  }

  /** Returns {@code count} numbers in [-1, 1). */
  public static double[] values(long seed, long count) {
    Choices choices = new Choices(seed);
    double[] values = new double[Math.toIntExact(count)];
    for (int i = 0; i < values.length; i++) {
      values[i] = choices.symmetric();
    }
    return values;
  }

  /** Returns an integer in [0, bound). */
  public int below(int bound) {
    return philox.below(bound, 0, 0, drawn++);
  }

  /** Returns an integer from {@code low} to {@code high}, both included. */
  public int between(int low, int high) {
    return low + below(high - low + 1);
  }

  /** Returns true once in {@code odds} draws. */
  public boolean oneIn(int odds) {
    return below(odds) == 0;
  }

  /** Returns a number in [-1, 1). */
  public double symmetric() {
    return 2 * philox.uniform(0, 0, drawn++) - 1;
  }
}
