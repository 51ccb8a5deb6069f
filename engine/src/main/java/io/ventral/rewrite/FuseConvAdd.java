package io.ventral.rewrite;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphRewriter;
import io.ventral.graph.GraphRewriter.Rewritten;
import io.ventral.graph.Node;
import io.ventral.op.Add;
import io.ventral.op.AddRelu;
import io.ventral.op.Conv2dBias;
import io.ventral.op.Conv2dBiasAdd;
import io.ventral.op.Op;
import io.ventral.op.Value;
import java.util.List;
import java.util.Optional;

/**
 * Adds the other branch of a residual block, and rectifies, as the results of a convolution leave
 * the registers.
 *
 * <pre>
 * c = Conv2dBias x w b         y = Conv2dBiasAdd(relu) x w b d
 * y = AddRelu c d
 * </pre>
 *
 * <p>Where nothing else needs c, which is not rectified itself; of two such operands the second is
 * taken. An Add is taken as well.
 */
public final class FuseConvAdd implements Rule {
  @Override
  public Graph apply(Graph graph) {
    Users users = new Users(graph);
    return GraphRewriter.rewrite(
        graph, (node, inputs, rewritten) -> fused(node, inputs, users, rewritten));
  }

  private static Optional<List<Value>> fused(
      Node sum, List<Value> inputs, Users users, Rewritten rewritten) {
    if (!isSum(sum.op())) {
      return Optional.empty();
    }
    for (int side = 1; side >= 0; side--) {
      Optional<Node> conv = conv(sum, side, users);
      if (conv.isPresent()) {
        List<Value> of = rewritten.of(conv.get().inputs());
        Conv2dBiasAdd fused =
            new Conv2dBiasAdd(((Conv2dBias) conv.get().op()).conv(), sum.op() instanceof AddRelu);
        return Optional.of(
            rewritten.emit(fused, List.of(of.get(0), of.get(1), of.get(2), inputs.get(1 - side))));
      }
    }
    return Optional.empty();
  }

  private static boolean isSum(Op op) {
    return op instanceof Add || op instanceof AddRelu;
  }

  /** Returns the convolution that gives one operand of a sum, if it is needed there alone. */
  private static Optional<Node> conv(Node sum, int side, Users users) {
    Value operand = sum.inputs().get(side);
    return users
        .producer(operand, Conv2dBias.class)
        .filter(conv -> !((Conv2dBias) conv.op()).relu())
        .filter(conv -> users.only(operand, sum.op().getClass()).isPresent());
  }
}
