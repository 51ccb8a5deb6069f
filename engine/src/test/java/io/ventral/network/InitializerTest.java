package io.ventral.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.tensor.Philox;
import io.ventral.tensor.Shape;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class InitializerTest {
  private static final Shape FILTER = Shape.of(64, 32, 3, 5);

  @Test
  void heNormalHasTwoOverTheFanAsItsVariance() {
    variance(2.0 / (32 * 3 * 5), new Initializer.HeNormal(false));
    variance(2.0 / (64 * 3 * 5), new Initializer.HeNormal(true));
  }

  @Test
  void normalHasTheDeviationAskedFor() {
    variance(0.01 * 0.01, new Initializer.Normal(0.01));
  }

  @Test
  void uniformLiesWithinOneOverTheRootOfTheFan() {
    bounded(1 / Math.sqrt(32 * 3 * 5), new Initializer.FanInUniform(0));
    bounded(1 / Math.sqrt(100), new Initializer.FanInUniform(100));
  }

  @Test
  void aConstantIsTheSameEverywhere() {
    assertTrue(Arrays.stream(values(new Initializer.Constant(0.5))).allMatch(v -> v == 0.5));
  }

  private static void variance(double expected, Initializer initializer) {
    double[] values = values(initializer);
    double mean = Arrays.stream(values).average().orElseThrow();
    double variance = Arrays.stream(values).map(v -> v * v).average().orElseThrow();
    // Six deviations of the mean and of the variance of that many normal numbers.
    assertEquals(0, mean, 6 * Math.sqrt(expected / values.length));
    assertEquals(expected, variance, 6 * expected * Math.sqrt(2.0 / values.length));
  }

  private static void bounded(double bound, Initializer initializer) {
    double[] values = values(initializer);
    double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
    assertTrue(largest <= bound && largest > 0.999 * bound, largest + " within " + bound);
    assertEquals(0, Arrays.stream(values).average().orElseThrow(), 0.02 * bound);
  }

  private static double[] values(Initializer initializer) {
    return LongStream.range(0, FILTER.elements())
        .mapToDouble(i -> initializer.value(new Philox(3), 4, FILTER, i))
        .toArray();
  }
}
