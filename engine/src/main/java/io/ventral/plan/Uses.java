package io.ventral.plan;

import io.ventral.graph.Graph;
import io.ventral.graph.Node;
import io.ventral.graph.State;
import io.ventral.op.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * When the contents of each value are read, in node indices; fetching, and being the new value of a
 * state, count as the time after all. Operands that are prepared ahead are not read by their nodes.
 */
final class Uses {
  private final Map<Value, List<Integer>> times = new HashMap<>();

  Uses(Graph graph, BufferRules rules) {
    for (int time = 0; time < graph.nodes().size(); time++) {
      Node node = graph.nodes().get(time);
      for (int i = 0; i < node.inputs().size(); i++) {
        if (!node.op().readsOnlyShape(i) && rules.preparedBytes(node, i) == 0) {
          add(node.inputs().get(i), time);
        }
      }
    }
    graph.outputs().forEach(output -> add(output.value(), graph.nodes().size()));
    graph.states().stream()
        .filter(State::changes)
        .forEach(state -> add(state.last(), graph.nodes().size()));
  }

  private void add(Value value, int time) {
    times.computeIfAbsent(value, v -> new ArrayList<>()).add(time);
  }

  /** Returns the time of the last reading, or −1 if the contents are never read. */
  int last(Value value) {
    List<Integer> all = times.getOrDefault(value, List.of());
    return all.isEmpty() ? -1 : all.getLast();
  }

  /** Returns how often the contents are read at {@code time}. */
  long countAt(Value value, int time) {
    return times.getOrDefault(value, List.of()).stream().filter(t -> t == time).count();
  }
}
