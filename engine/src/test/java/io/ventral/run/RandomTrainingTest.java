package io.ventral.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.graph.Graph;
import io.ventral.testing.Close;
import io.ventral.testing.RandomTraining;
import io.ventral.testing.ReferenceRun;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the compiler does to a training step must not show in its numbers. */
class RandomTrainingTest {
  private static final int STEPS = 3;

  /** What is left, against the largest number, of gradients that are zero in truth. */
  private static final double NOISE = 1e-14;

  static final int[] SEEDS = IntStream.range(0, 40).toArray();

  /** Batch sizes that do, do not and cannot fill the devices. */
  private static final List<int[]> BATCHES_ON_DEVICES =
      List.of(
          new int[] {4, 2},
          new int[] {5, 2},
          new int[] {1, 2},
          new int[] {4, 3},
          new int[] {7, 3},
          new int[] {2, 3});

  static Stream<Arguments> placements() {
    return IntStream.range(0, 20)
        .boxed()
        .flatMap(seed -> BATCHES_ON_DEVICES.stream().map(p -> Arguments.of(seed, p[0], p[1])));
  }

  @ParameterizedTest(name = "seed {0}")
  @FieldSource("SEEDS")
  void sharedMemoryGivesTheSameBits(int seed) {
    int batch = 1 + seed % 5;
    Graph graph = RandomTraining.of(seed, batch, 1);
    try (ReferenceRun planned = ReferenceRun.of(graph);
        ReferenceRun plain = ReferenceRun.plain(graph)) {
      assertTrue(planned.session().allocatedBytes(0) < plain.session().allocatedBytes(0));
      RandomTraining.begin(planned, seed);
      RandomTraining.begin(plain, seed);
      for (int step = 0; step < STEPS; step++) {
        Map<String, double[]> expected = step(plain, batch, seed, step);
        Map<String, double[]> actual = step(planned, batch, seed, step);
        expected.forEach(
            (name, values) -> {
              assertTrue(Arrays.stream(values).allMatch(Double::isFinite), name + " is finite");
              assertArrayEquals(values, actual.get(name), name);
            });
      }
    }
  }

  @ParameterizedTest(name = "seed {0}, batch {1} on {2} devices")
  @MethodSource("placements")
  void severalDevicesComputeWhatOneDoes(int seed, int batch, int devices) {
    compare(RandomTraining.of(seed, batch, 0), seed, batch, devices);
  }

  @ParameterizedTest(name = "seed {0}, batch {1} on {2} devices")
  @MethodSource("placements")
  void normalisationSeesTheGroupsOfOneDevice(int seed, int batch, int devices) {
    compare(RandomTraining.of(seed, batch, Math.min(batch, devices)), seed, batch, devices);
  }

  @ParameterizedTest(name = "seed {0}")
  @FieldSource("SEEDS")
  void aSessionTakesTheMemoryThatWasForetold(int seed) {
    int devices = 1 + seed % 3;
    try (ReferenceRun run = ReferenceRun.on(devices, RandomTraining.of(seed, 1 + seed % 5, 0))) {
      for (int device = 0; device < devices; device++) {
        MemoryUse use = MemoryUse.of(run.devices().get(device), device, List.of(run.executable()));
        assertEquals(use.totalBytes(), run.session().allocatedBytes(device), "device " + device);
      }
    }
  }

  private static void compare(Graph graph, int seed, int batch, int devices) {
    try (ReferenceRun one = ReferenceRun.of(graph);
        ReferenceRun several = ReferenceRun.on(devices, graph)) {
      RandomTraining.begin(one, seed);
      RandomTraining.begin(several, seed);
      for (int step = 0; step < STEPS; step++) {
        Map<String, double[]> expected = step(one, batch, seed, step);
        Map<String, double[]> actual = step(several, batch, seed, step);
        double noise =
            NOISE * expected.values().stream().mapToDouble(Close::largest).max().orElseThrow();
        expected.forEach(
            (name, values) ->
                Close.elementwise(
                    name, values, actual.get(name), 0, 1e-12 * Close.largest(values) + noise));
      }
    }
  }

  private static Map<String, double[]> step(ReferenceRun run, int batch, int seed, int step) {
    RandomTraining.feed(run, batch, seed, step);
    return run.run().results();
  }
}
