package io.ventral.check;

import io.ventral.tensor.Philox;
import java.util.Arrays;
import java.util.List;

/**
 * How an operand of a case is filled: kinks are kept away from where finite differences would meet
 * them, and integers in the range that the operation knows. A pure function of the random stream.
 */
public sealed interface Fill {
  /** Returns {@code count} values in logical row-major order from the stream {@code purpose}. */
  double[] values(Philox random, int purpose, int count);

  /** Numbers evenly spread over [low, high). */
  record Uniform(double low, double high) implements Fill {
    @Override
    public double[] values(Philox random, int purpose, int count) {
      double[] values = new double[count];
      Arrays.setAll(values, i -> low + (high - low) * random.uniform(purpose, 0, i));
      return values;
    }
  }

  /** Numbers on both sides of {@code kink}, from {@code margin} up to {@code margin} + 1 away. */
  record AwayFrom(double kink, double margin) implements Fill {
    @Override
    public double[] values(Philox random, int purpose, int count) {
      double[] values = new double[count];
      Arrays.setAll(
          values,
          i -> {
            double side = 2 * random.uniform(purpose, 0, i) - 1;
            return kink + side + Math.copySign(margin, side);
          });
      return values;
    }
  }

  /** Multiples of {@code gap} around 0 in random order, no two alike. */
  record Distinct(double gap) implements Fill {
    @Override
    public double[] values(Philox random, int purpose, int count) {
      double[] values = new double[count];
      for (int i = 0; i < count; i++) {
        // Fisher and Yates: the value of rank i takes the place of one before it.
        int place = random.below(i + 1, purpose, 0, i);
        values[i] = values[place];
        values[place] = (i - count / 2) * gap;
      }
      return values;
    }
  }

  /** Whole numbers in [0, bound). */
  record Integers(int bound) implements Fill {
    @Override
    public double[] values(Philox random, int purpose, int count) {
      double[] values = new double[count];
      Arrays.setAll(values, i -> random.below(bound, purpose, 0, i));
      return values;
    }
  }

  /** One number everywhere. */
  record Same(double value) implements Fill {
    @Override
    public double[] values(Philox random, int purpose, int count) {
      double[] values = new double[count];
      Arrays.fill(values, value);
      return values;
    }
  }

  /** Just these values, in logical row-major order. */
  record Given(List<Double> values) implements Fill {
    public Given {
      values = List.copyOf(values);
    }

    @Override
    public double[] values(Philox random, int purpose, int count) {
      return values.stream().mapToDouble(value -> value).toArray();
    }
  }
}
