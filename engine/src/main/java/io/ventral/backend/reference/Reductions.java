package io.ventral.backend.reference;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Sums of x over some of its axes, which vanish from the shape.
 *
 * @param summed the axes summed over
 * @param kept the others, which are those of the result
 * @param steps of x in memory along each axis
 */
record Reductions(int[] summed, int[] kept, int[] steps, Elements x) {

  static Reductions over(List<Integer> axes, Elements x) {
    int[] kept =
        IntStream.range(0, x.shape().rank()).filter(axis -> !axes.contains(axis)).toArray();
    int[] summed = axes.stream().mapToInt(axis -> axis).toArray();
    return new Reductions(summed, kept, Box.steps(x.shape()), x);
  }

  /** y = Σ x over the axes, divided by {@code divisor}. */
  void sum(Elements y, double divisor, ParallelLoop parallel) {
    int[] ySteps = Box.steps(y.shape());
    parallel.forEach(
        y.count(),
        x.count() / y.count(),
        i -> {
          int from = x.offset();
          for (int axis = 0; axis < kept.length; axis++) {
            from += i / ySteps[axis] % y.extent(axis) * steps[kept[axis]];
          }
          y.set(i, sum(0, from) / divisor);
        });
  }

  /** y = the mean of x over the axes. */
  void mean(Elements y, ParallelLoop parallel) {
    sum(y, x.count() / (double) y.count(), parallel);
  }

  private double sum(int depth, int from) {
    if (depth == summed.length) {
      return x.data()[from];
    }
    int axis = summed[depth];
    double sum = 0;
    for (int i = 0; i < x.extent(axis); i++) {
      sum += sum(depth + 1, from + i * steps[axis]);
    }
    return sum;
  }
}
