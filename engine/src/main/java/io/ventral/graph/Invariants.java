package io.ventral.graph;

import io.ventral.op.Value;
import java.util.HashSet;
import java.util.Set;

/**
 * What stays the same from run to run while nobody writes the states, as an invariant does from one
 * turn of a loop to the next: the states that a program leaves as they are, and whatever it
 * computes from these alone.
 */
public final class Invariants {
  private Invariants() {}

  /** Returns the invariant values of {@code graph}; of each node's results all or none. */
  public static Set<Value> of(Graph graph) {
    Set<Value> invariant = new HashSet<>();
    Set<Value> written = new HashSet<>();
    for (State state : graph.states()) {
      if (state.changes()) {
        written.add(state.last());
      } else {
        invariant.add(state.initial());
      }
    }
    for (Node node : graph.nodes()) {
      if (invariant.containsAll(node.inputs())
          && node.outputs().stream().noneMatch(written::contains)) {
        invariant.addAll(node.outputs());
      }
    }
    return invariant;
  }
}
