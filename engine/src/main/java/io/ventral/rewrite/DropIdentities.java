package io.ventral.rewrite;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphRewriter;
import io.ventral.graph.Node;
import io.ventral.op.AdaptiveAvgPool;
import io.ventral.op.AdaptiveAvgPoolGrad;
import io.ventral.op.Copy;
import io.ventral.op.Op;
import io.ventral.op.Reshape;
import io.ventral.op.Scale;
import io.ventral.op.Value;
import java.util.List;
import java.util.Optional;

/**
 * Removes nodes that give back their operand: adaptive pooling to the size it already has and its
 * gradient, reshapes to the same shape, scaling by 1, copies to the same device.
 *
 * <pre>
 * y = AdaptiveAvgPool to 7x7 x:[N,C,7,7]
 * z = f(y)                                 z = f(x)
 * </pre>
 */
public final class DropIdentities implements Rule {
  @Override
  public Graph apply(Graph graph) {
    return GraphRewriter.rewrite(
        graph,
        (node, inputs, emitter) ->
            isIdentity(node) ? Optional.of(List.of(inputs.getFirst())) : Optional.empty());
  }

  private static boolean isIdentity(Node node) {
    return switch (node.op()) {
      case AdaptiveAvgPool pool -> sameType(node);
      case AdaptiveAvgPoolGrad grad -> sameType(node);
      case Reshape reshape -> sameType(node);
      case Scale scale -> scale.factor() == 1;
      case Copy copy -> node.inputs().getFirst().device() == copy.device();
      case Op other -> false;
    };
  }

  private static boolean sameType(Node node) {
    Value input = node.inputs().getFirst();
    return input.type().equals(node.outputs().getFirst().type());
  }
}
