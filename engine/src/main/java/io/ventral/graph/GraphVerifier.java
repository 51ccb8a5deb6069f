package io.ventral.graph;

import io.ventral.error.EngineException;
import io.ventral.op.AllReduce;
import io.ventral.op.Copy;
import io.ventral.op.Value;
import io.ventral.tensor.TensorType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks that a graph is one: every value computed once and before its use, every type as its
 * operation says, operands on the device of their node. A failure is a defect of the pass that ran
 * before.
 */
public final class GraphVerifier {
  private final Graph graph;
  private final Map<Integer, Value> known = new HashMap<>();

  private GraphVerifier(Graph graph) {
    this.graph = graph;
  }

  /**
   * Returns {@code graph} if it is well formed.
   *
   * @throws EngineException INTERNAL otherwise
   */
  public static Graph verified(Graph graph) {
    new GraphVerifier(graph).verify();
    return graph;
  }

  private void verify() {
    graph.inputs().forEach(input -> define(input.value(), "input " + input.name()));
    graph.states().forEach(state -> define(state.initial(), "state " + state.name()));
    graph.nodes().forEach(this::verify);
    verifyStates();
    graph.outputs().forEach(output -> require(output.value(), "output " + output.name()));
  }

  private void verify(Node node) {
    node.inputs().forEach(value -> require(value, node.toString()));
    List<TensorType> expected = node.op().outputTypes(node.inputTypes());
    List<TensorType> actual = node.outputTypes();
    check(expected.equals(actual), node + ": outputs should be " + expected);
    boolean crosses = node.op() instanceof Copy || node.op() instanceof AllReduce;
    check(
        crosses || node.inputs().stream().allMatch(input -> input.device() == node.device()),
        node + ": operands on another device");
    node.outputs().forEach(value -> define(value, node.toString()));
  }

  private void verifyStates() {
    Set<String> names = new HashSet<>();
    for (State state : graph.states()) {
      require(state.last(), "state " + state.name());
      check(
          state.last().type().equals(state.type()) && state.last().device() == state.device(),
          "state " + state.name() + " begins as " + state.initial() + ", ends as " + state.last());
      check(
          names.add(state.name() + "@" + state.device()),
          "state " + state.name() + " is declared twice");
    }
  }

  private void define(Value value, String where) {
    check(known.put(value.id(), value) == null, where + ": value " + value + " is defined twice");
  }

  private void require(Value value, String where) {
    check(value.equals(known.get(value.id())), where + ": value " + value + " is not known here");
  }

  private void check(boolean holds, String message) {
    if (!holds) {
      throw EngineException.internal("graph " + graph.name() + ": " + message);
    }
  }
}
