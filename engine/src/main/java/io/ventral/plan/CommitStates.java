package io.ventral.plan;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphVerifier;
import io.ventral.graph.Node;
import io.ventral.graph.Output;
import io.ventral.graph.State;
import io.ventral.op.Copy;
import io.ventral.op.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes sure that the new value of every state can be computed straight into the state's place.
 * Where it cannot (it is no node's own result, or the old value is still read later) the new value
 * is copied there at the end.
 *
 * <pre>
 * state a = x → y, b = y → x      t = Copy y; u = Copy x      (all read)
 *                                 a → Copy t; b → Copy u      (then all written)
 * </pre>
 */
final class CommitStates {
  private final Graph graph;
  private final BufferRules rules;
  private final Uses uses;
  private final List<Node> nodes;
  private int nextId;

  private CommitStates(Graph graph, BufferRules rules) {
    this.graph = graph;
    this.rules = rules;
    this.uses = new Uses(graph, rules);
    this.nodes = new ArrayList<>(graph.nodes());
    this.nextId = graph.nextId();
  }

  /** Returns {@code graph} with a copy for every state that needs one. */
  static Graph commit(Graph graph, BufferRules rules) {
    return new CommitStates(graph, rules).commit();
  }

  private Graph commit() {
    Map<Value, Integer> producers = new HashMap<>();
    for (int time = 0; time < graph.nodes().size(); time++) {
      for (Value output : graph.nodes().get(time).outputs()) {
        producers.put(output, time);
      }
    }
    Set<Value> taken = new HashSet<>();
    List<State> direct = new ArrayList<>();
    List<State> copied = new ArrayList<>();
    for (State state : graph.states()) {
      boolean inPlace = !state.changes() || (fits(state, producers) && taken.add(state.last()));
      (inPlace ? direct : copied).add(state);
    }
    List<Output> outputs = copyOutputsOfOldValues();
    direct.addAll(copy(copied));
    direct.sort(Comparator.comparingInt(state -> state.initial().id()));
    return GraphVerifier.verified(new Graph(graph.name(), graph.inputs(), direct, nodes, outputs));
  }

  /** Returns whether nothing reads the old value once the new one is being written. */
  private boolean fits(State state, Map<Value, Integer> producers) {
    Integer writer = producers.get(state.last());
    if (writer == null || uses.last(state.initial()) > writer) {
      return false;
    }
    return uses.last(state.initial()) < writer || overwrites(graph.nodes().get(writer), state);
  }

  private boolean overwrites(Node writer, State state) {
    int output = writer.outputs().indexOf(state.last());
    for (int input = 0; input < writer.inputs().size(); input++) {
      if (writer.inputs().get(input).equals(state.initial())
          && !rules.mayOverwrite(writer, input, output)) {
        return false;
      }
    }
    return true;
  }

  private List<State> copy(List<State> states) {
    List<Value> read = states.stream().map(state -> copyOf(state.last(), state.name())).toList();
    List<State> committed = new ArrayList<>();
    for (int i = 0; i < states.size(); i++) {
      State state = states.get(i);
      committed.add(
          new State(
              state.name(), state.role(), state.initial(), copyOf(read.get(i), state.name())));
    }
    return committed;
  }

  /**
   * An output that asks for the old value of a state gets a copy taken before the state changes.
   */
  private List<Output> copyOutputsOfOldValues() {
    Set<Value> changing = new HashSet<>();
    graph.states().stream().filter(State::changes).forEach(s -> changing.add(s.initial()));
    List<Output> outputs = new ArrayList<>();
    for (Output output : graph.outputs()) {
      Value value =
          changing.contains(output.value())
              ? copyOf(output.value(), output.name())
              : output.value();
      outputs.add(new Output(output.name(), value, output.shard()));
    }
    return outputs;
  }

  private Value copyOf(Value value, String name) {
    Value copy = new Value(nextId++, value.type(), value.device());
    nodes.add(new Node(new Copy(value.device()), List.of(value), List.of(copy), name));
    return copy;
  }
}
