package io.ventral.backend.reference;

import io.ventral.op.NormalizeBytes;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * Functions of single elements. Operands have one shape, so memory order serves for all of them.
 */
final class Elementwise {
  private Elementwise() {}

  /** y[i] = f(x[i]). */
  static void map(Elements x, Elements y, ParallelLoop parallel, DoubleUnaryOperator f) {
    parallel.forEach(y.count(), 1, i -> y.set(i, f.applyAsDouble(x.get(i))));
  }

  /** y[i] = f(a[i], b[i]). */
  static void zip(
      Elements a, Elements b, Elements y, ParallelLoop parallel, DoubleBinaryOperator f) {
    parallel.forEach(y.count(), 1, i -> y.set(i, f.applyAsDouble(a.get(i), b.get(i))));
  }

  /** y = table[c·256 + x] for bytes x [N,C,H,W]. */
  static void normalize(double[] table, Elements x, Elements y, ParallelLoop parallel) {
    int channels = x.extent(1);
    parallel.forEach(
        y.count(), 1, i -> y.set(i, table[i % channels * NormalizeBytes.VALUES + (int) x.get(i)]));
  }

  /** y[i] = value. */
  static void fill(Elements y, double value) {
    Arrays.fill(y.data(), y.offset(), y.offset() + y.count(), value);
  }

  /** y[i] = x[i]; y may lie exactly over x. */
  static void copy(Elements x, Elements y) {
    System.arraycopy(x.data(), x.offset(), y.data(), y.offset(), y.count());
  }

  /**
   * y = (1 − momentum)·running + momentum·batch, or running where the flag {@code apply} is 0;
   * operands are running, batch and apply.
   */
  static void runningAverage(
      double momentum, List<Elements> in, Elements y, ParallelLoop parallel) {
    if (in.get(2).get(0) == 0) {
      copy(in.get(0), y);
    } else {
      zip(in.get(0), in.get(1), y, parallel, (old, now) -> (1 - momentum) * old + momentum * now);
    }
  }
}
