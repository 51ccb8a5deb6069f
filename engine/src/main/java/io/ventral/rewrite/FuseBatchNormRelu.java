package io.ventral.rewrite;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphRewriter;
import io.ventral.graph.Node;
import io.ventral.op.BatchNormTrain;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Rectifies, and masks the gradient, in the passes of a batch normalisation.
 *
 * <pre>
 * n, mean, … = BatchNormTrain x …          y, mean, …, saved = BatchNormReluTrain x …
 * y = Relu n
 * d = ReluGrad y dy                        dx, … = BatchNormReluGrad x … saved dy
 * dx, … = BatchNormGrad x … d
 * </pre>
 *
 * <p>Where nothing else needs n and d; for images in one statistics group.
 */
public final class FuseBatchNormRelu implements Rule {
  @Override
  public Graph apply(Graph graph) {
    Map<Node, NormReluMatch> matches = matches(graph);
    return GraphRewriter.rewrite(
        graph,
        (node, inputs, emitter) ->
            Optional.ofNullable(matches.get(node))
                .map(match -> match.replace(node, inputs, emitter)));
  }

  private static Map<Node, NormReluMatch> matches(Graph graph) {
    Users users = new Users(graph);
    Map<Node, NormReluMatch> matches = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof BatchNormTrain norm
          && norm.groups() == 1
          && node.inputs().getFirst().type().rank() == 4) {
        NormReluMatch.of(node, users)
            .ifPresent(match -> match.nodes().forEach(part -> matches.put(part, match)));
      }
    }
    return matches;
  }
}
