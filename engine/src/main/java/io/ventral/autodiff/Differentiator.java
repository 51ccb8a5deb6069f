package io.ventral.autodiff;

import io.ventral.error.EngineException;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.Node;
import io.ventral.op.Add;
import io.ventral.op.Backward;
import io.ventral.op.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reverse-mode differentiation: walks the nodes backwards and lets each operation emit its
 * gradient. Where a value is used several times its gradients are added in the order of the walk.
 * Nothing is emitted that does not lead to a wanted gradient.
 */
public final class Differentiator {
  private final GraphBuilder builder;
  private final Set<Value> dependent = new HashSet<>();
  private final Map<Value, Value> gradients = new HashMap<>();

  private Differentiator(GraphBuilder builder) {
    this.builder = builder;
  }

  /**
   * Returns the gradient of each of {@code wanted}, in order.
   *
   * @param seeds the gradients that arrive from outside, such as 1 for a scalar loss, by value
   * @throws EngineException USER if a wanted value does not influence any seeded one
   */
  public static List<Value> differentiate(
      GraphBuilder builder, Map<Value, Value> seeds, List<Value> wanted) {
    Differentiator differentiator = new Differentiator(builder);
    List<Node> forward = List.copyOf(builder.nodes());
    differentiator.markDependents(forward, wanted);
    differentiator.gradients.putAll(seeds);
    for (Node node : forward.reversed()) {
      differentiator.walk(node);
    }
    return wanted.stream().map(differentiator::result).toList();
  }

  private Value result(Value wanted) {
    Value gradient = gradients.get(wanted);
    if (gradient == null) {
      throw EngineException.user("value " + wanted + " has no influence on the loss");
    }
    return gradient;
  }

  private void markDependents(List<Node> nodes, List<Value> wanted) {
    dependent.addAll(wanted);
    for (Node node : nodes) {
      if (node.inputs().stream().anyMatch(dependent::contains)) {
        dependent.addAll(node.outputs());
      }
    }
  }

  private void walk(Node node) {
    List<Optional<Value>> arriving =
        node.outputs().stream().map(output -> Optional.ofNullable(gradients.get(output))).toList();
    List<Boolean> wanted = node.inputs().stream().map(dependent::contains).toList();
    if (arriving.stream().allMatch(Optional::isEmpty) || !wanted.contains(true)) {
      return;
    }
    builder.at(node.name() + " backward");
    List<Optional<Value>> leaving =
        node.op().gradient(new Backward(builder, node.inputs(), node.outputs(), arriving, wanted));
    for (int i = 0; i < leaving.size(); i++) {
      Value input = node.inputs().get(i);
      leaving.get(i).ifPresent(gradient -> accumulate(input, gradient));
    }
  }

  private void accumulate(Value value, Value gradient) {
    Value sofar = gradients.get(value);
    gradients.put(value, sofar == null ? gradient : builder.emit(new Add(), sofar, gradient));
  }
}
