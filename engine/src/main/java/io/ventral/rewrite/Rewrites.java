package io.ventral.rewrite;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphVerifier;
import java.util.List;

/** The rules that every program goes through, in order; the graph is verified after each. */
public final class Rewrites {
  private static final List<Rule> RULES =
      List.of(
          new DropIdentities(),
          new FuseBatchNormRelu(),
          new FuseAddRelu(),
          new FuseConvBias(),
          new DropDeadNodes());

  private Rewrites() {}

  /** Returns {@code graph} after all rules. */
  public static Graph apply(Graph graph) {
    Graph current = graph;
    for (Rule rule : RULES) {
      current = GraphVerifier.verified(rule.apply(current));
    }
    return current;
  }
}
