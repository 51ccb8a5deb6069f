package io.ventral.rewrite;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphRewriter;
import io.ventral.graph.Node;
import io.ventral.op.Add;
import io.ventral.op.AddRelu;
import io.ventral.op.Relu;
import io.ventral.op.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    Map<Node, List<Value>> operands = new HashMap<>();
    return GraphRewriter.rewrite(
        graph,
        (node, inputs, emitter) -> {
          if (node.op() instanceof Add) {
            operands.put(node, inputs);
          }
          return sum(node, users).map(sum -> emitter.emit(new AddRelu(), operands.get(sum)));
        });
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
