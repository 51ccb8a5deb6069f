package io.ventral.rewrite;

import static io.ventral.op.BiasedConv2d.BIAS;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphRewriter;
import io.ventral.graph.Node;
import io.ventral.op.BiasedConv2d;
import io.ventral.op.Cast;
import io.ventral.op.Conv2d;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rounds the bias of a convolution of 16 bits to its format, as its filter was.
 *
 * <pre>
 * y = Conv2dBias x w b         c = Cast b
 *                              y = Conv2dBias x w c
 * </pre>
 *
 * <p>With or without a sum; not for dense layers, which are products of matrices. This changes
 * numbers, where the user has asked for 16 bits: on devices whose convolutions have no other way.
 *
 * @param devices of the graph, in order
 */
public record RoundConvBias(List<DeviceTraits> devices) implements Rule {
  public RoundConvBias {
    devices = List.copyOf(devices);
  }

  @Override
  public Graph apply(Graph graph) {
    return GraphRewriter.rewrite(
        graph,
        (node, inputs, emitter) -> {
          if (!rounds(node)) {
            return Optional.empty();
          }
          DType narrow = inputs.getFirst().type().dtype();
          List<Value> operands = new ArrayList<>(inputs);
          operands.set(BIAS, emitter.emit(new Cast(narrow), inputs.get(BIAS)));
          return Optional.of(emitter.emit(node.op(), operands));
        });
  }

  private boolean rounds(Node node) {
    return devices.get(node.device()).roundsAroundConvolutions()
        && node.op() instanceof BiasedConv2d biased
        && rounds(biased.conv(), node.inputs());
  }

  private static boolean rounds(Conv2d conv, List<Value> inputs) {
    TensorType x = inputs.getFirst().type();
    return x.dtype() != inputs.get(BIAS).type().dtype()
        && !(conv.groups() == 1 && conv.window().covers(x.extent(2), x.extent(3)));
  }
}
