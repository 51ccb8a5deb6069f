package io.ventral.plan;

import io.ventral.graph.Graph;
import io.ventral.graph.Node;
import io.ventral.op.Value;
import java.util.List;
import java.util.Set;

/**
 * A program in the order in which it runs: first the prologue, whose results hold for many runs.
 *
 * @param invariants what stays the same from run to run while nobody writes the states
 */
public record Scheduled(Graph graph, Set<Value> invariants) {
  public Scheduled {
    invariants = Set.copyOf(invariants);
  }

  /** Returns the number of nodes, at the beginning, that compute invariants. */
  public int prologue() {
    List<Node> nodes = graph.nodes();
    int count = 0;
    while (count < nodes.size() && invariants.containsAll(nodes.get(count).outputs())) {
      count++;
    }
    return count;
  }
}
