package io.ventral.plan;

import io.ventral.graph.Graph;
import io.ventral.graph.Input;
import io.ventral.graph.Node;
import io.ventral.graph.State;
import io.ventral.op.Copy;
import io.ventral.op.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What values stand for, as numbered terms: two values are equal if and only if their terms are.
 */
final class Terms {
  private final Map<List<Object>, Integer> numbers = new HashMap<>();

  /** Returns the term of every value; a copy stands for what it copies. */
  Map<Value, Integer> of(Graph graph) {
    Map<Value, Integer> terms = new HashMap<>();
    for (Input input : graph.inputs()) {
      terms.put(input.value(), number(List.of("input", input.name(), input.value().device())));
    }
    for (State state : graph.states()) {
      terms.put(state.initial(), number(List.of("state", state.name(), state.device())));
    }
    for (Node node : graph.nodes()) {
      List<Object> operands = new ArrayList<>();
      for (int i = 0; i < node.inputs().size(); i++) {
        Value input = node.inputs().get(i);
        operands.add(node.op().readsOnlyShape(i) ? input.type() : terms.get(input));
      }
      for (int i = 0; i < node.outputs().size(); i++) {
        terms.put(
            node.outputs().get(i),
            node.op() instanceof Copy
                ? terms.get(node.inputs().getFirst())
                : number(List.of(node.op(), operands, i)));
      }
    }
    return terms;
  }

  private int number(List<Object> term) {
    return numbers.computeIfAbsent(term, t -> numbers.size());
  }
}
