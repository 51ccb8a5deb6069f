package io.ventral.rewrite;

import io.ventral.graph.Graph;
import io.ventral.graph.Node;
import io.ventral.op.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Removes nodes whose results nobody uses.
 *
 * <pre>
 * y = Relu x                 y = Relu x
 * z = Scale y     (unused)   output y
 * output y
 * </pre>
 */
public final class DropDeadNodes implements Rule {
  @Override
  public Graph apply(Graph graph) {
    Set<Value> live = new HashSet<>();
    graph.outputs().forEach(output -> live.add(output.value()));
    graph.states().forEach(state -> live.add(state.last()));
    List<Node> kept = new ArrayList<>();
    for (Node node : graph.nodes().reversed()) {
      if (node.outputs().stream().anyMatch(live::contains)) {
        live.addAll(node.inputs());
        kept.addFirst(node);
      }
    }
    return new Graph(graph.name(), graph.inputs(), graph.states(), kept, graph.outputs());
  }
}
