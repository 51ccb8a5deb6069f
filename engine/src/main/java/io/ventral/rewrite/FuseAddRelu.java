package io.ventral.rewrite;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphRewriter;
import io.ventral.graph.Node;
import io.ventral.op.Add;
import io.ventral.op.AddRelu;
import io.ventral.op.Relu;
import java.util.Optional;

/**
 * Rectifies a sum in the pass that forms it.
 *
 * <pre>
 * s = Add a b                  y = AddRelu a b
 * y = Relu s
 * </pre>
 *
 * <p>Where nothing else needs s.
 */
public final class FuseAddRelu implements Rule {
  @Override
  public Graph apply(Graph graph) {
    Users users = new Users(graph);
    return GraphRewriter.rewrite(
        graph,
        (node, inputs, rewritten) ->
            sum(node, users).map(sum -> rewritten.emit(new AddRelu(), rewritten.of(sum.inputs()))));
  }

  /** Returns the sum that {@code node} rectifies, if it does and nothing else needs the sum. */
  private static Optional<Node> sum(Node node, Users users) {
    return node.op() instanceof Relu
        ? users
            .producer(node.inputs().getFirst(), Add.class)
            .filter(sum -> users.only(node.inputs().getFirst(), Relu.class).isPresent())
        : Optional.empty();
  }
}
