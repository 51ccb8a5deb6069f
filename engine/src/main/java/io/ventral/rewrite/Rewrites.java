package io.ventral.rewrite;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphVerifier;
import java.util.List;

/**
 * The rules that every program goes through, in order. After each, what it left unused is removed,
 * so that no rule sees readers that are none, and the graph is verified.
 */
public final class Rewrites {
  private static final List<Rule> RULES =
      List.of(
          new DropIdentities(),
          new FuseBatchNormRelu(),
          new FoldBatchNorm(),
          new FuseAddRelu(),
          new FuseConvBias(),
          new FuseConvAdd(),
          new MaskBeforePoolGrad());

  private Rewrites() {}

  /** Returns {@code graph} after all rules. */
  public static Graph apply(Graph graph) {
    Rule withoutDeadNodes = new DropDeadNodes();
    Graph current = withoutDeadNodes.apply(graph);
    for (Rule rule : RULES) {
      current = GraphVerifier.verified(withoutDeadNodes.apply(rule.apply(current)));
    }
    return current;
  }
}
