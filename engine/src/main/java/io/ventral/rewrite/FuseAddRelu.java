package io.ventral.rewrite;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphRewriter;
import io.ventral.graph.Node;
import io.ventral.op.Add;
import io.ventral.op.AddRelu;
import io.ventral.op.AddReluGrad;
import io.ventral.op.Emitter;
import io.ventral.op.Op;
import io.ventral.op.Relu;
import io.ventral.op.ReluGrad;
import io.ventral.op.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rectifies a sum, and masks a sum of gradients, in the pass that forms it.
 *
 * <pre>
 * s = Add a b                  y = AddRelu a b
 * y = Relu s
 *
 * g = Add g1 g2                d = AddReluGrad y g1 g2
 * d = ReluGrad y g
 * </pre>
 *
 * <p>Where nothing else needs s or g.
 */
public final class FuseAddRelu implements Rule {
  @Override
  public Graph apply(Graph graph) {
    Users users = new Users(graph);
    Map<Node, List<Value>> sums = new HashMap<>();
    return GraphRewriter.rewrite(
        graph,
        (node, inputs, emitter) -> {
          if (node.op() instanceof Add) {
            sums.put(node, inputs);
          }
          return fused(node, inputs, users, sums, emitter);
        });
  }

  private static Optional<List<Value>> fused(
      Node node, List<Value> inputs, Users users, Map<Node, List<Value>> sums, Emitter emitter) {
    return switch (node.op()) {
      case Relu relu -> sum(node, 0, users).map(sum -> emitter.emit(new AddRelu(), sums.get(sum)));
      case ReluGrad grad ->
          sum(node, 1, users)
              .map(sums::get)
              .map(
                  of ->
                      emitter.emit(
                          new AddReluGrad(), List.of(inputs.getFirst(), of.get(0), of.get(1))));
      case Op other -> Optional.empty();
    };
  }

  /** Returns the sum that operand {@code operand} of {@code node} is, if nothing else needs it. */
  private static Optional<Node> sum(Node node, int operand, Users users) {
    Value value = node.inputs().get(operand);
    return users
        .producer(value, Add.class)
        .filter(sum -> users.only(value, node.op().getClass()).isPresent());
  }
}
