package io.ventral.rewrite;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphRewriter;
import io.ventral.graph.Node;
import io.ventral.op.BiasedConv2d;
import io.ventral.op.Conv2d;
import io.ventral.op.Conv2dGradFilter;
import io.ventral.op.Emitter;
import io.ventral.op.Op;
import io.ventral.op.Pad;
import io.ventral.op.Slice;
import io.ventral.op.Value;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives convolutions of 16 bits as many input channels as tensor cores want, the new ones zero.
 *
 * <pre>
 * y = Conv2d x w               p = Pad x
 * dw = Conv2dGradFilter x dy   q = Pad w
 *                              y = Conv2d p q
 *                              v = Conv2dGradFilter p dy
 *                              dw = Slice v
 * </pre>
 *
 * <p>With bias and sum as well. It is for images of three channels: where cuDNN finds them it pads
 * them itself, in each call again, or does without tensor cores. Not where a convolution has
 * groups, whose channels would move from one to another, and not where {@link #pays it does not
 * pay}. Outputs are left alone: cutting y off again would move it twice.
 *
 * @param devices of the graph, in order
 */
public record PadInputChannels(List<DeviceTraits> devices) implements Rule {
  private static final int CHANNELS = 1;

  /**
   * Multiply-adds in the time of a byte without tensor cores: 16-bit arithmetic and bandwidth of an
   * A100 as its data sheet has them, 39 · 10¹² and 2 · 10¹² in a second.
   */
  private static final int MULTIPLY_ADDS_A_BYTE = 20;

  /** A value with so many channels more. */
  private record Target(Value value, int missing) {}

  public PadInputChannels {
    devices = List.copyOf(devices);
  }

  @Override
  public Graph apply(Graph graph) {
    Map<Target, Value> padded = new HashMap<>();
    return GraphRewriter.rewrite(
        graph,
        (node, inputs, emitter) ->
            window(node.op())
                .map(window -> missing(node, window))
                .filter(missing -> missing > 0)
                .map(missing -> replaced(node.op(), inputs, missing, emitter, padded)));
  }

  /** Returns the window of a convolution without groups that reads x. */
  private static Optional<Window2d> window(Op op) {
    return switch (op) {
      case Conv2d conv -> conv.groups() == 1 ? Optional.of(conv.window()) : Optional.empty();
      case BiasedConv2d biased -> window(biased.conv());
      case Conv2dGradFilter grad -> window(new Conv2d(grad.window(), grad.groups()));
      case Op other -> Optional.empty();
    };
  }

  /** Returns the channels to be added, 0 where that does not pay. */
  private int missing(Node node, Window2d window) {
    TensorType x = node.inputs().getFirst().type();
    int multiple = devices.get(node.device()).inputChannels();
    if (x.dtype() == x.dtype().accumulator() || window.covers(x.extent(2), x.extent(3))) {
      return 0;
    }
    int missing = wanted(x.extent(CHANNELS), window, multiple) - x.extent(CHANNELS);
    return missing > 0 && pays(node, missing) ? missing : 0;
  }

  /** For images in strides of 2, half the multiple is enough (NVIDIA's guide to convolutions). */
  private static int wanted(int channels, Window2d window, int multiple) {
    boolean halves = window.vertical().stride() == 2 && window.horizontal().stride() == 2;
    return halves && channels <= multiple / 2
        ? multiple / 2
        : Math.ceilDiv(channels, multiple) * multiple;
  }

  /**
   * Returns whether without tensor cores computing would take longer than what padding moves: x
   * read, the padded x written, and read in the place of x.
   */
  private static boolean pays(Node node, int missing) {
    List<TensorType> in = node.inputTypes();
    List<TensorType> out = node.outputTypes();
    TensorType x = in.getFirst();
    long more = x.bytes() / x.extent(CHANNELS) * missing;
    long moved = 2 * (x.bytes() + more);
    return node.op().multiplyAdds(in, out) > MULTIPLY_ADDS_A_BYTE * moved;
  }

  private static List<Value> replaced(
      Op op, List<Value> inputs, int missing, Emitter emitter, Map<Target, Value> padded) {
    Value x = padded(inputs.getFirst(), missing, emitter, padded);
    List<Value> operands = new ArrayList<>(inputs);
    operands.set(0, x);
    if (op instanceof Conv2dGradFilter) {
      Value dw = emitter.emit(op, operands).getFirst();
      int channels = inputs.getFirst().type().extent(CHANNELS);
      return List.of(emitter.emit(new Slice(CHANNELS, 0, channels), dw));
    }
    operands.set(1, padded(inputs.get(1), missing, emitter, padded));
    return emitter.emit(op, operands);
  }

  private static Value padded(
      Value value, int missing, Emitter emitter, Map<Target, Value> padded) {
    return padded.computeIfAbsent(
        new Target(value, missing),
        target -> emitter.emit(Pad.axis(value.type().rank(), CHANNELS, 0, missing), value));
  }
}
