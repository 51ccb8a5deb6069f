package io.ventral.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.Node;
import io.ventral.graph.State;
import io.ventral.graph.StateRole;
import io.ventral.op.Add;
import io.ventral.op.Relu;
import io.ventral.op.Scale;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import io.ventral.testing.RandomGraph;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ScheduleTest {
  static final int[] SEEDS = IntStream.range(0, 200).toArray();

  /** That every node comes behind its operands is verified by the schedule itself. */
  @ParameterizedTest(name = "seed {0}")
  @FieldSource("SEEDS")
  void everyNodeRunsOnce(int seed) {
    Graph graph = RandomGraph.of(seed, 12);
    List<Node> ordered = Schedule.order(graph).graph().nodes();
    assertEquals(graph.nodes().size(), ordered.size());
    assertEquals(new HashSet<>(graph.nodes()), new HashSet<>(ordered));
  }

  @ParameterizedTest(name = "seed {0}")
  @FieldSource("SEEDS")
  void whoReadsTheOneStateThatChangesRunsBeforeItsWriterIfItCan(int seed) {
    Graph graph = Schedule.order(RandomGraph.of(seed, 1)).graph();
    State state = graph.states().stream().filter(State::changes).findFirst().orElse(null);
    if (state == null) {
      return;
    }
    List<Node> nodes = graph.nodes();
    int writer =
        IntStream.range(0, nodes.size())
            .filter(i -> nodes.get(i).outputs().contains(state.last()))
            .findFirst()
            .orElse(nodes.size());
    Set<Value> later = writer == nodes.size() ? Set.of() : dependents(graph, nodes.get(writer));
    for (int i = writer + 1; i < nodes.size(); i++) {
      if (nodes.get(i).inputs().contains(state.initial())) {
        assertTrue(later.containsAll(nodes.get(i).outputs()), nodes.get(i) + " is too late");
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @FieldSource("SEEDS")
  void thePrologueIsAllThatStaysTheSameFromRunToRun(int seed) {
    Graph graph = RandomGraph.of(seed, 2);
    Scheduled program = Schedule.withPrologue(graph);
    List<Node> nodes = program.graph().nodes();
    assertEquals(new HashSet<>(graph.nodes()), new HashSet<>(nodes));
    Set<Value> fixed = new HashSet<>();
    graph.states().stream().filter(s -> !s.changes()).forEach(s -> fixed.add(s.initial()));
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      boolean writes = graph.states().stream().anyMatch(s -> node.outputs().contains(s.last()));
      boolean isFixed = fixed.containsAll(node.inputs()) && !writes;
      assertEquals(i < program.prologue(), isFixed, node + " at " + i);
      if (isFixed) {
        fixed.addAll(node.outputs());
      }
    }
  }

  @Test
  void theOrderOfTheGraphIsKeptWhereNothingSpeaksAgainstIt() {
    Graph graph = RandomGraph.onOneDevice(7, 0);
    assertEquals(graph, Schedule.order(graph).graph());
  }

  /** Where a stretch ends, nothing is left that could have been in it. */
  @ParameterizedTest(name = "seed {0}")
  @FieldSource("SEEDS")
  void aDeviceGoesOnUntilItHasToWait(int seed) {
    List<Node> nodes = Schedule.order(RandomGraph.of(seed, 0)).graph().nodes();
    for (int i = 1; i < nodes.size(); i++) {
      if (!isOneStretch(nodes.get(i - 1), nodes.get(i))) {
        Set<Value> open = new HashSet<>();
        nodes.subList(i, nodes.size()).forEach(node -> open.addAll(node.outputs()));
        for (Node later : nodes.subList(i, nodes.size())) {
          boolean waits = later.inputs().stream().anyMatch(open::contains);
          assertTrue(waits || !isOneStretch(nodes.get(i - 1), later), later + " came too late");
        }
      }
    }
  }

  private static boolean isOneStretch(Node first, Node second) {
    return first.device() == second.device() && first.crosses() == second.crosses();
  }

  /** The writer comes first in the graph, and must wait for the end of a long chain. */
  @Test
  void longChainsAreScheduled() {
    TensorType type = TensorType.of(DType.FLOAT64, 1);
    GraphBuilder builder = new GraphBuilder("deep").at("n");
    Value state = builder.state("s", new StateRole.Parameter(), type);
    builder.update(state, builder.emit(new Scale(2), state));
    Value value = builder.input("x", type);
    for (int i = 0; i < 20_000; i++) {
      value = builder.emit(new Relu(), value);
    }
    Value sum = builder.emit(new Add(), value, state);
    builder.output("y", sum);
    Graph ordered = Schedule.order(builder.build()).graph();
    assertEquals(new Scale(2), ordered.nodes().getLast().op());
  }

  private static Set<Value> dependents(Graph graph, Node node) {
    Set<Value> found = new HashSet<>(node.outputs());
    Deque<Value> open = new ArrayDeque<>(node.outputs());
    while (!open.isEmpty()) {
      Value value = open.pop();
      for (Node user : graph.nodes()) {
        if (user.inputs().contains(value)) {
          user.outputs().stream().filter(found::add).forEach(open::push);
        }
      }
    }
    return found;
  }
}
