package io.ventral.rewrite;

import io.ventral.graph.Node;
import io.ventral.op.Add;
import io.ventral.op.BatchNormAddReluGrad;
import io.ventral.op.BatchNormAddReluTrain;
import io.ventral.op.BatchNormGrad;
import io.ventral.op.BatchNormTrain;
import io.ventral.op.Op;
import io.ventral.op.Relu;
import io.ventral.op.ReluGrad;
import io.ventral.op.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The nodes that {@link FuseBatchNormAddRelu} fuses. The values keep their names, so that nothing
 * else changes: forward all is done at {@code place}, backward where the ReluGrad was.
 *
 * @param place the normalisation, whose statistics may be read at once, or else the Relu
 */
record NormAddReluMatch(Node norm, Node sum, Node relu, Node place, Optional<Backward> backward) {
  /** The gradient of the Relu and, behind it, that of the normalisation. */
  private record Backward(Node mask, Node grad) {}

  /** Returns the match that begins with the normalisation {@code norm}. */
  static Optional<NormAddReluMatch> of(Node norm, Users users) {
    return users
        .only(norm.outputs().getFirst(), Add.class)
        .flatMap(
            sum ->
                users
                    .only(sum.outputs().getFirst(), Relu.class)
                    .flatMap(
                        relu ->
                            place(norm, sum, relu, users)
                                .flatMap(place -> withBackward(norm, sum, relu, place, users))));
  }

  private static Optional<Node> place(Node norm, Node sum, Node relu, Users users) {
    boolean addendIsThere =
        users
            .producer(addend(norm, sum), Op.class)
            .filter(producer -> users.position(producer) > users.position(norm))
            .isEmpty();
    if (addendIsThere) {
      return Optional.of(norm);
    }
    boolean statisticsCanWait =
        norm.outputs().stream()
            .skip(1)
            .flatMap(statistic -> users.readers(statistic, Op.class).stream())
            .allMatch(reader -> users.position(reader) > users.position(relu));
    return statisticsCanWait ? Optional.of(relu) : Optional.empty();
  }

  private static Optional<NormAddReluMatch> withBackward(
      Node norm, Node sum, Node relu, Node place, Users users) {
    Value y = relu.outputs().getFirst();
    Value mean = norm.outputs().get(1);
    List<Node> masks = users.readers(y, ReluGrad.class);
    List<Node> grads = users.readers(mean, BatchNormGrad.class);
    if (masks.isEmpty() && grads.isEmpty()) {
      return Optional.of(new NormAddReluMatch(norm, sum, relu, place, Optional.empty()));
    }
    return masks.size() == 1
            && grads.size() == 1
            && masks.getFirst().inputs().getFirst().equals(y)
            && grads.getFirst().inputs().getLast().equals(masks.getFirst().outputs().getFirst())
        ? Optional.of(
            new NormAddReluMatch(
                norm,
                sum,
                relu,
                place,
                Optional.of(new Backward(masks.getFirst(), grads.getFirst()))))
        : Optional.empty();
  }

  /** Returns what takes the place of each of the nodes, empty for nothing. */
  Map<Node, Optional<Node>> replacements() {
    Map<Node, Optional<Node>> replaced = new HashMap<>();
    for (Node node : List.of(norm, sum, relu)) {
      replaced.put(node, node.equals(place) ? Optional.of(forward()) : Optional.empty());
    }
    backward.ifPresent(
        b -> {
          replaced.put(b.mask(), Optional.of(gradient(b)));
          replaced.put(b.grad(), Optional.empty());
        });
    return replaced;
  }

  private Node forward() {
    List<Value> in = norm.inputs();
    List<Value> out = norm.outputs();
    return new Node(
        new BatchNormAddReluTrain((BatchNormTrain) norm.op()),
        List.of(in.get(0), in.get(1), in.get(2), addend(norm, sum)),
        List.of(relu.outputs().getFirst(), out.get(1), out.get(2), out.get(3)),
        norm.name());
  }

  private static Value addend(Node norm, Node sum) {
    Value first = sum.inputs().getFirst();
    return first.equals(norm.outputs().getFirst()) ? sum.inputs().getLast() : first;
  }

  private static Node gradient(Backward backward) {
    List<Value> in = backward.grad().inputs();
    List<Value> out = backward.grad().outputs();
    List<Value> masked = backward.mask().inputs();
    return new Node(
        new BatchNormAddReluGrad(((BatchNormGrad) backward.grad().op()).forward()),
        List.of(in.get(0), in.get(1), in.get(2), in.get(3), masked.get(0), masked.get(1)),
        List.of(out.get(0), out.get(1), out.get(2), backward.mask().outputs().getFirst()),
        backward.grad().name());
  }
}
