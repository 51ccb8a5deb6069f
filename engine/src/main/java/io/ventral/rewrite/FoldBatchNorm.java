package io.ventral.rewrite;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphRewriter;
import io.ventral.graph.GraphRewriter.Rewritten;
import io.ventral.graph.Invariants;
import io.ventral.graph.Node;
import io.ventral.op.BatchNormFold;
import io.ventral.op.BatchNormInfer;
import io.ventral.op.BiasAdd;
import io.ventral.op.Conv2d;
import io.ventral.op.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Normalises by given statistics with the filter and the bias of the convolution before.
 *
 * <pre>
 * c = Conv2d x w                           v, d = BatchNormFold w scale bias mean variance b
 * s = BiasAdd c b                          c = Conv2d x v
 * y = BatchNormInfer s scale bias …        y = BiasAdd c d
 * </pre>
 *
 * <p>With or without the BiasAdd; where nothing else needs c and s, and where w, b and what
 * normalises stay the same from run to run, so that folding is done once. Other numbers are rounded
 * than before: results agree to their precision, not bit for bit.
 */
public final class FoldBatchNorm implements Rule {
  /** A convolution, perhaps with a bias, that only a normalisation reads. */
  private record Biased(Node conv, Optional<Node> bias) {
    Value filter() {
      return conv.inputs().get(1);
    }
  }

  @Override
  public Graph apply(Graph graph) {
    Users users = new Users(graph);
    Set<Value> invariants = Invariants.of(graph);
    return GraphRewriter.rewrite(
        graph,
        (node, inputs, rewritten) ->
            biased(node, users)
                .filter(biased -> isInvariant(node, biased, invariants))
                .map(biased -> fold(node, biased, rewritten)));
  }

  private static Optional<Biased> biased(Node norm, Users users) {
    if (!(norm.op() instanceof BatchNormInfer)) {
      return Optional.empty();
    }
    Value x = norm.inputs().getFirst();
    Optional<Node> bias =
        users
            .producer(x, BiasAdd.class)
            .filter(node -> users.only(x, BatchNormInfer.class).isPresent());
    Value c = bias.map(node -> node.inputs().getFirst()).orElse(x);
    return users
        .producer(c, Conv2d.class)
        .filter(
            conv ->
                users
                    .only(c, (bias.isPresent() ? BiasAdd.class : BatchNormInfer.class))
                    .isPresent())
        .map(conv -> new Biased(conv, bias));
  }

  private static boolean isInvariant(Node norm, Biased biased, Set<Value> invariants) {
    return foldOperands(norm, biased).stream()
        .allMatch(
            value ->
                invariants.contains(value)
                    && value.type().dtype() == biased.filter().type().dtype());
  }

  private static List<Value> foldOperands(Node norm, Biased biased) {
    List<Value> operands = new ArrayList<>(List.of(biased.filter()));
    operands.addAll(norm.inputs().subList(1, norm.inputs().size()));
    biased.bias().ifPresent(node -> operands.add(node.inputs().get(1)));
    return operands;
  }

  private static List<Value> fold(Node norm, Biased biased, Rewritten rewritten) {
    double epsilon = ((BatchNormInfer) norm.op()).epsilon();
    List<Value> operands = rewritten.of(foldOperands(norm, biased));
    List<Value> folded = rewritten.emit(new BatchNormFold(epsilon), operands);
    Value x = rewritten.of(biased.conv().inputs().getFirst());
    Value c = rewritten.emit(biased.conv().op(), x, folded.get(0));
    return List.of(rewritten.emit(new BiasAdd(), c, folded.get(1)));
  }
}
