package io.ventral.rewrite;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.graph.Graph;
import io.ventral.tensor.DType;
import io.ventral.testing.RandomTraining;
import io.ventral.testing.ReferenceRun;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Steps of random networks with 16 bits inside. */
class RandomMixedPrecisionTest {
  static final int[] SEEDS = IntStream.range(0, 12).toArray();

  private static final double EPSILON = DType.BFLOAT16.epsilon();

  /** Where a rounding lets another element win a maximum, whole gradients go another way. */
  private static final double OTHER_WINNERS = 0.25;

  @ParameterizedTest(name = "seed {0}")
  @FieldSource("SEEDS")
  void resultsAreCloseToThoseInDouble(int seed) {
    int batch = 2 + seed % 4;
    Graph exact = RandomTraining.of(seed, batch, 2);
    Graph mixed = new MixedPrecision(DType.BFLOAT16).apply(exact);
    try (ReferenceRun inDouble = ReferenceRun.of(exact);
        ReferenceRun rounded = ReferenceRun.of(mixed);
        ReferenceRun unfused = ReferenceRun.plain(mixed);
        ReferenceRun spread = ReferenceRun.on(2, mixed)) {
      Map<String, double[]> results = results(rounded, batch, seed);
      for (Map<String, double[]> other :
          List.of(results(inDouble, batch, seed), results(unfused, batch, seed))) {
        close("scores", other, results, 4 * EPSILON);
        close("loss", other, results, 4 * EPSILON);
        close("gradient", other, results, OTHER_WINNERS);
      }
      results(spread, batch, seed)
          .forEach((name, values) -> close(name, results, Map.of(name, values), EPSILON));
    }
  }

  private static Map<String, double[]> results(ReferenceRun run, int batch, int seed) {
    RandomTraining.begin(run, seed);
    RandomTraining.feed(run, batch, seed, 0);
    return run.run().results();
  }

  /** Asserts ‖actual − expected‖ ≤ tolerance·‖expected‖. */
  private static void close(
      String name, Map<String, double[]> expected, Map<String, double[]> actual, double tolerance) {
    double[] y = expected.get(name);
    double[] found = actual.get(name);
    double squares = 0;
    double error = 0;
    for (int i = 0; i < y.length; i++) {
      squares += y[i] * y[i];
      error += (found[i] - y[i]) * (found[i] - y[i]);
    }
    assertTrue(
        error <= tolerance * tolerance * squares,
        "%s is off by %s of its length".formatted(name, Math.sqrt(error / squares)));
  }
}
