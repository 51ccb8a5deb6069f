package io.ventral.rewrite;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphRewriter;
import io.ventral.graph.Node;
import io.ventral.op.Cast;
import io.ventral.op.Conv2dGradFilter;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Rounds the gradient of a filter to the 16 bits of what it is computed from.
 *
 * <pre>
 * dw = Conv2dGradFilter x dy   r = Conv2dGradFilter(rounded) x dy
 *                              dw = Cast r
 * </pre>
 *
 * <p>Not for dense layers, which are products of matrices. This changes numbers, where the user has
 * asked for 16 bits: on devices whose convolutions have no other way. The sum itself is formed in
 * FLOAT32 there too.
 *
 * @param devices of the graph, in order
 */
public record RoundFilterGradient(List<DeviceTraits> devices) implements Rule {
  public RoundFilterGradient {
    devices = List.copyOf(devices);
  }

  @Override
  public Graph apply(Graph graph) {
    return GraphRewriter.rewrite(
        graph,
        (node, inputs, emitter) -> {
          if (!(node.op() instanceof Conv2dGradFilter grad) || !rounds(grad, node)) {
            return Optional.empty();
          }
          DType wide = node.outputs().getFirst().type().dtype();
          Conv2dGradFilter rounded = new Conv2dGradFilter(grad.window(), grad.groups(), false);
          Value narrow = emitter.emit(rounded, inputs).getFirst();
          return Optional.of(emitter.emit(new Cast(wide), List.of(narrow)));
        });
  }

  private boolean rounds(Conv2dGradFilter grad, Node node) {
    TensorType x = node.inputs().getFirst().type();
    return devices.get(node.device()).roundsAroundConvolutions()
        && x.dtype() != node.outputs().getFirst().type().dtype()
        && !(grad.groups() == 1 && grad.window().covers(x.extent(2), x.extent(3)));
  }
}
