package io.ventral.rewrite;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphVerifier;
import java.util.List;

/**
 * The rules that every program goes through, in order. After each, what it left unused is removed,
 * so that no rule sees readers that are none, and the graph is verified. A rule that does not pay
 * everywhere asks what the device of a node is like.
 */
public final class Rewrites {
  private Rewrites() {}

  /** Returns {@code graph} after all rules. */
  public static Graph apply(Graph graph, List<DeviceTraits> devices) {
    Rule withoutDeadNodes = new DropDeadNodes();
    Graph current = withoutDeadNodes.apply(graph);
    for (Rule rule : rules(devices)) {
      current = GraphVerifier.verified(withoutDeadNodes.apply(rule.apply(current)));
    }
    return current;
  }

  private static List<Rule> rules(List<DeviceTraits> devices) {
    return List.of(
        new DropIdentities(),
        new FuseBatchNormRelu(),
        new FuseBatchNormAddRelu(devices),
        new FoldBatchNorm(),
        new FuseAddRelu(),
        new FuseConvBias(),
        new FuseConvAdd(),
        new MaskBeforePoolGrad(),
        new RoundConvBias(devices),
        new RoundFilterGradient(devices),
        new PadInputChannels(devices));
  }
}
