package io.ventral.rewrite;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphRewriter;
import io.ventral.graph.GraphRewriter.Rewritten;
import io.ventral.graph.Node;
import io.ventral.op.MaxPool;
import io.ventral.op.MaxPoolGrad;
import io.ventral.op.ReluGrad;
import io.ventral.op.Value;
import java.util.List;
import java.util.Optional;

/**
 * Masks a gradient before maximum pooling spreads it, where there is less of it.
 *
 * <pre>
 * p, won = MaxPool r           p, won = MaxPool r
 * g = MaxPoolGrad won dp       m = ReluGrad p dp
 * dx = ReluGrad r g            dx = MaxPoolGrad won m
 * </pre>
 *
 * <p>Where nothing else needs g. What is pooled is what won, so the mask is the same, and r need
 * not be kept.
 */
public final class MaskBeforePoolGrad implements Rule {
  @Override
  public Graph apply(Graph graph) {
    Users users = new Users(graph);
    return GraphRewriter.rewrite(
        graph, (node, inputs, rewritten) -> replaced(node, inputs, users, rewritten));
  }

  private static Optional<List<Value>> replaced(
      Node node, List<Value> in, Users users, Rewritten rewritten) {
    if (node.op() instanceof MaxPoolGrad) {
      return masked(node, users)
          .map(
              pool -> {
                Value pooled = rewritten.of(pool.outputs().getFirst());
                Value mask = rewritten.emit(new ReluGrad(), pooled, in.get(1));
                return rewritten.emit(node.op(), List.of(in.getFirst(), mask));
              });
    }
    // The mask that was there: its gradient is masked by now.
    return node.op() instanceof ReluGrad
        ? users
            .producer(node.inputs().get(1), MaxPoolGrad.class)
            .flatMap(grad -> masked(grad, users))
            .map(pool -> List.of(in.get(1)))
        : Optional.empty();
  }

  /** Returns the pooling of {@code grad} if what its gradient is masked by is what it pooled. */
  private static Optional<Node> masked(Node grad, Users users) {
    return users
        .only(grad.outputs().getFirst(), ReluGrad.class)
        .flatMap(
            mask ->
                users
                    .producer(grad.inputs().getFirst(), MaxPool.class)
                    .filter(pool -> pool.inputs().getFirst().equals(mask.inputs().getFirst())));
  }
}
