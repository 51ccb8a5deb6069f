package io.ventral.rewrite;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphRewriter;
import io.ventral.graph.GraphRewriter.Rewritten;
import io.ventral.graph.Node;
import io.ventral.op.BiasAdd;
import io.ventral.op.Conv2d;
import io.ventral.op.Conv2dBias;
import io.ventral.op.Relu;
import io.ventral.op.Value;
import java.util.List;
import java.util.Optional;

/**
 * Adds the bias of a convolution, and rectifies, as its results leave the registers.
 *
 * <pre>
 * c = Conv2d x w               y = Conv2dBias(relu) x w b
 * s = BiasAdd c b
 * y = Relu s
 * </pre>
 *
 * <p>Where nothing else needs c, and s; without a Relu, s is the result.
 */
public final class FuseConvBias implements Rule {
  @Override
  public Graph apply(Graph graph) {
    Users users = new Users(graph);
    return GraphRewriter.rewrite(
        graph, (node, inputs, rewritten) -> fused(node, inputs, users, rewritten));
  }

  private static Optional<List<Value>> fused(
      Node node, List<Value> inputs, Users users, Rewritten rewritten) {
    if (node.op() instanceof Relu) {
      return rectified(node, users, inputs);
    }
    boolean relu = users.only(node.outputs().getFirst(), Relu.class).isPresent();
    return conv(node, users)
        .map(
            conv -> {
              List<Value> of = rewritten.of(conv.inputs());
              return rewritten.emit(
                  new Conv2dBias((Conv2d) conv.op(), relu),
                  List.of(of.get(0), of.get(1), inputs.get(1)));
            });
  }

  /** Returns the convolution under a bias, if its result is needed there alone. */
  private static Optional<Node> conv(Node node, Users users) {
    return node.op() instanceof BiasAdd
        ? users
            .producer(node.inputs().getFirst(), Conv2d.class)
            .filter(conv -> users.only(node.inputs().getFirst(), BiasAdd.class).isPresent())
        : Optional.empty();
  }

  /** A Relu behind a fused bias has been done already. */
  private static Optional<List<Value>> rectified(Node relu, Users users, List<Value> inputs) {
    Value sum = relu.inputs().getFirst();
    return users
        .producer(sum, BiasAdd.class)
        .filter(bias -> conv(bias, users).isPresent())
        .filter(bias -> users.only(sum, Relu.class).isPresent())
        .map(bias -> List.of(inputs.getFirst()));
  }
}
