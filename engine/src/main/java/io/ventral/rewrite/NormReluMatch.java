package io.ventral.rewrite;

import io.ventral.graph.Node;
import io.ventral.op.BatchNormGrad;
import io.ventral.op.BatchNormReluGrad;
import io.ventral.op.BatchNormReluTrain;
import io.ventral.op.BatchNormTrain;
import io.ventral.op.Emitter;
import io.ventral.op.Relu;
import io.ventral.op.ReluGrad;
import io.ventral.op.Value;
import java.util.List;
import java.util.Optional;

/** The nodes that {@link FuseBatchNormRelu} fuses: two, or four where there is a backward pass. */
final class NormReluMatch {
  private final List<Node> nodes;
  private Optional<Value> saved = Optional.empty();

  private NormReluMatch(List<Node> nodes) {
    this.nodes = nodes;
  }

  List<Node> nodes() {
    return nodes;
  }

  /** Returns the match that begins with the normalisation {@code norm}. */
  static Optional<NormReluMatch> of(Node norm, Users users) {
    return users
        .only(norm.outputs().getFirst(), Relu.class)
        .flatMap(relu -> withBackward(norm, relu, users));
  }

  private static Optional<NormReluMatch> withBackward(Node norm, Node relu, Users users) {
    Value mean = norm.outputs().get(1);
    List<Node> masks = users.readers(relu.outputs().getFirst(), ReluGrad.class);
    if (masks.isEmpty() && users.readers(mean, BatchNormGrad.class).isEmpty()) {
      return Optional.of(new NormReluMatch(List.of(norm, relu)));
    }
    return masks.size() == 1
        ? users
            .only(masks.getFirst().outputs().getFirst(), BatchNormGrad.class)
            .filter(grad -> grad.inputs().get(2).equals(mean))
            .map(grad -> new NormReluMatch(List.of(norm, relu, masks.getFirst(), grad)))
        : Optional.empty();
  }

  /** Returns what stands for the outputs of {@code node}, one of these. */
  List<Value> replace(Node node, List<Value> in, Emitter emitter) {
    if (node.op() instanceof BatchNormTrain norm) {
      List<Value> all = emitter.emit(new BatchNormReluTrain(norm), in);
      saved = Optional.of(all.getLast());
      return all.subList(0, 4);
    }
    if (node.op() instanceof BatchNormGrad grad) {
      return emitter.emit(
          new BatchNormReluGrad(grad.forward()),
          List.of(in.get(0), in.get(1), in.get(2), in.get(3), saved.orElseThrow(), in.get(4)));
    }
    // Relu and ReluGrad are done by the others: the last of what they read is their result.
    return List.of(in.getLast());
  }
}
