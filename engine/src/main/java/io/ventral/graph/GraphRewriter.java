package io.ventral.graph;

import io.ventral.op.Emitter;
import io.ventral.op.Op;
import io.ventral.op.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rebuilds a graph node by node, giving a rule the chance to put something else in a node's place.
 */
public final class GraphRewriter {
  private final GraphBuilder builder;
  private final Map<Value, Value> replaced = new HashMap<>();

  /** The new graph as far as it goes. */
  public interface Rewritten extends Emitter {
    /** Returns what stands for a value of the old graph that lies before the node in question. */
    Value of(Value old);

    /** Returns what stands for each of {@code old}. */
    default List<Value> of(List<Value> old) {
      return old.stream().map(this::of).toList();
    }
  }

  /** What may replace a node. */
  @FunctionalInterface
  public interface Replacement {
    /**
     * Returns the values that stand for the outputs of {@code node}, or empty to keep the node.
     *
     * @param inputs the node's operands in the new graph
     * @param rewritten adds nodes to the new graph
     */
    Optional<List<Value>> replace(Node node, List<Value> inputs, Rewritten rewritten);
  }

  private final Rewritten rewritten =
      new Rewritten() {
        @Override
        public List<Value> emit(Op op, List<Value> inputs) {
          return builder.emit(op, inputs);
        }

        @Override
        public Value of(Value old) {
          return replaced.get(old);
        }
      };

  private GraphRewriter(String name) {
    builder = new GraphBuilder(name);
  }

  /** Returns {@code graph} with every node that the rule replaces replaced. */
  public static Graph rewrite(Graph graph, Replacement rule) {
    return new GraphRewriter(graph.name()).apply(graph, rule);
  }

  private Graph apply(Graph graph, Replacement rule) {
    for (Input input : graph.inputs()) {
      builder.on(input.value().device());
      replaced.put(input.value(), builder.input(input.name(), input.value().type(), input.shard()));
    }
    for (State state : graph.states()) {
      builder.on(state.device());
      replaced.put(state.initial(), builder.state(state.name(), state.role(), state.type()));
    }
    graph.nodes().forEach(node -> copy(node, rule));
    for (State state : graph.states()) {
      builder.update(replaced.get(state.initial()), replaced.get(state.last()));
    }
    for (Output output : graph.outputs()) {
      builder.output(output.name(), replaced.get(output.value()), output.shard());
    }
    return builder.build();
  }

  private void copy(Node node, Replacement rule) {
    builder.at(node.name()).on(node.device());
    List<Value> inputs = rewritten.of(node.inputs());
    List<Value> outputs =
        rule.replace(node, inputs, rewritten).orElseGet(() -> builder.emit(node.op(), inputs));
    for (int i = 0; i < outputs.size(); i++) {
      replaced.put(node.outputs().get(i), outputs.get(i));
    }
  }
}
