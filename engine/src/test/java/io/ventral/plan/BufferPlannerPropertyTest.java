package io.ventral.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.graph.Graph;
import io.ventral.testing.RandomGraph;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class BufferPlannerPropertyTest {
  static final int[] SEEDS = IntStream.range(0, 200).toArray();

  @ParameterizedTest(name = "seed {0}")
  @FieldSource("SEEDS")
  void aPlannedRunComputesWhatTheGraphMeans(int seed) {
    Graph graph = RandomGraph.of(seed, seed % 13);
    SeededRules rules = new SeededRules(seed);
    SymbolicMachine.check(graph, BufferPlanner.plan(Schedule.order(graph), rules, true), rules);
  }

  @ParameterizedTest(name = "seed {0}")
  @FieldSource("SEEDS")
  void soDoesARunWithoutReuse(int seed) {
    Graph graph = RandomGraph.of(seed, seed % 13);
    SeededRules rules = new SeededRules(seed);
    SymbolicMachine.check(graph, BufferPlanner.plan(Schedule.order(graph), rules, false), rules);
  }

  @ParameterizedTest(name = "seed {0}")
  @FieldSource("SEEDS")
  void theSameGraphGivesTheSamePlan(int seed) {
    SeededRules rules = new SeededRules(seed);
    assertEquals(
        BufferPlanner.plan(Schedule.order(RandomGraph.of(seed, 6)), rules, true),
        BufferPlanner.plan(Schedule.order(RandomGraph.of(seed, 6)), rules, true));
  }

  @Test
  void reuseSavesMemory() {
    long planned = 0;
    long unplanned = 0;
    for (int seed : SEEDS) {
      Graph graph = Schedule.order(RandomGraph.of(seed, 6));
      planned += bytes(BufferPlanner.plan(graph, new SeededRules(seed), true));
      unplanned += bytes(BufferPlanner.plan(graph, new SeededRules(seed), false));
    }
    assertTrue(planned < 0.7 * unplanned, planned + " instead of " + unplanned);
  }

  private static long bytes(BufferPlan plan) {
    return plan.buffers().stream().mapToLong(device -> device.plan().bytes()).sum();
  }
}
