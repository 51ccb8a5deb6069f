package io.ventral.rewrite;

import io.ventral.graph.Graph;

/** A rule from graph to graph that keeps the meaning. */
@FunctionalInterface
public interface Rule {
  /** Returns the rewritten graph, or an equal one where the rule finds nothing. */
  Graph apply(Graph graph);
}
