package io.ventral.rewrite;

import io.ventral.graph.Graph;
import io.ventral.graph.Node;
import io.ventral.op.Op;
import io.ventral.op.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who computes and who reads each value of a graph: what rules match by. */
final class Users {
  private final Map<Value, Node> producers = new HashMap<>();
  private final Map<Value, List<Node>> readers = new HashMap<>();
  private final Set<Value> kept = new HashSet<>();
  private final Map<Node, Integer> positions = new HashMap<>();

  Users(Graph graph) {
    for (Node node : graph.nodes()) {
      positions.put(node, positions.size());
      node.outputs().forEach(output -> producers.put(output, node));
      node.inputs().forEach(in -> readers.computeIfAbsent(in, v -> new ArrayList<>()).add(node));
    }
    graph.outputs().forEach(output -> kept.add(output.value()));
    graph.states().forEach(state -> kept.add(state.last()));
  }

  /** Returns the node that computes {@code value} if it applies an operation of that kind. */
  Optional<Node> producer(Value value, Class<? extends Op> kind) {
    return Optional.ofNullable(producers.get(value)).filter(node -> kind.isInstance(node.op()));
  }

  /** Returns the nodes that read {@code value} and apply an operation of that kind. */
  List<Node> readers(Value value, Class<? extends Op> kind) {
    return readers.getOrDefault(value, List.of()).stream()
        .filter(node -> kind.isInstance(node.op()))
        .toList();
  }

  /** Returns the number of nodes before {@code node}. */
  int position(Node node) {
    return positions.get(node);
  }

  /** Returns the one node that needs {@code value}, if there is one and it applies that kind. */
  Optional<Node> only(Value value, Class<? extends Op> kind) {
    List<Node> all = readers.getOrDefault(value, List.of());
    return all.size() == 1 && !kept.contains(value) && kind.isInstance(all.getFirst().op())
        ? Optional.of(all.getFirst())
        : Optional.empty();
  }
}
