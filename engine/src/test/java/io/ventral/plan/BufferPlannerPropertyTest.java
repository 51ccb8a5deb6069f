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
    Scheduled program = Schedule.order(graph);
    SeededRules rules = new SeededRules(seed, program);
    SymbolicMachine.check(graph, BufferPlanner.plan(program, rules, true), rules);
  }

  @ParameterizedTest(name = "seed {0}")
  @FieldSource("SEEDS")
  void soDoesARunBehindAPrologue(int seed) {
    Graph graph = RandomGraph.of(seed, seed % 4);
    Scheduled program = Schedule.withPrologue(graph);
    SeededRules rules = new SeededRules(seed, program);
    SymbolicMachine.check(graph, BufferPlanner.plan(program, rules, true), rules);
  }

  @Test
  void someProgramsHaveAPrologueAndPreparedOperands() {
    int nodes = 0;
    int operands = 0;
    for (int seed : SEEDS) {
      Scheduled program = Schedule.withPrologue(RandomGraph.of(seed, seed % 4));
      BufferPlan plan = BufferPlanner.plan(program, new SeededRules(seed, program), true);
      nodes += plan.prologue();
      operands += plan.prepared().size();
    }
    assertTrue(nodes > 100, nodes + " nodes");
    assertTrue(operands > 100, operands + " operands");
  }

  @ParameterizedTest(name = "seed {0}")
  @FieldSource("SEEDS")
  void soDoesARunWithoutReuse(int seed) {
    Graph graph = RandomGraph.of(seed, seed % 13);
    Scheduled program = Schedule.order(graph);
    SeededRules rules = new SeededRules(seed, program);
    SymbolicMachine.check(graph, BufferPlanner.plan(program, rules, false), rules);
  }

  @ParameterizedTest(name = "seed {0}")
  @FieldSource("SEEDS")
  void theSameGraphGivesTheSamePlan(int seed) {
    Scheduled program = Schedule.withPrologue(RandomGraph.of(seed, 6));
    SeededRules rules = new SeededRules(seed, program);
    assertEquals(
        BufferPlanner.plan(program, rules, true),
        BufferPlanner.plan(Schedule.withPrologue(RandomGraph.of(seed, 6)), rules, true));
  }

  @Test
  void reuseSavesMemory() {
    long planned = 0;
    long unplanned = 0;
    for (int seed : SEEDS) {
      Scheduled program = Schedule.order(RandomGraph.of(seed, 6));
      planned += bytes(BufferPlanner.plan(program, new SeededRules(seed, program), true));
      unplanned += bytes(BufferPlanner.plan(program, new SeededRules(seed, program), false));
    }
    assertTrue(planned < 0.7 * unplanned, planned + " instead of " + unplanned);
  }

  private static long bytes(BufferPlan plan) {
    return plan.buffers().stream().mapToLong(device -> device.plan().bytes()).sum();
  }
}
