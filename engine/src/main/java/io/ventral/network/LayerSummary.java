package io.ventral.network;

import io.ventral.graph.GraphBuilder;
import io.ventral.graph.Node;
import io.ventral.op.Op;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * What one layer gives and costs in one forward pass over a batch.
 *
 * @param output of the whole batch
 * @param parameters trained numbers, running statistics not counted
 * @param macs multiply-adds of the whole batch
 * @param activationBytes size of the output on a device
 */
public record LayerSummary(
    Layer layer, TensorType output, long parameters, long macs, long activationBytes) {
  /**
   * Returns a summary of each layer, in the order of the network.
   *
   * @param bytes the size of a value on the device
   * @throws io.ventral.error.EngineException USER if a layer does not fit its inputs
   */
  public static List<LayerSummary> of(
      Network network, int batch, DType dtype, ToLongFunction<TensorType> bytes) {
    NetworkRequest size = network.request();
    GraphBuilder builder = new GraphBuilder(network.name());
    Value input =
        builder.batchedInput(
            Network.INPUT,
            TensorType.of(dtype, batch, size.channels(), size.height(), size.width()));
    LoweredNetwork lowered =
        NetworkLowering.lower(network, builder, input, null, LoweringOptions.evaluation(dtype));
    Map<String, Long> macs = new HashMap<>();
    builder.nodes().forEach(node -> macs.merge(node.name(), macs(node), Long::sum));
    Map<String, Long> parameters = parameters(lowered);
    List<LayerSummary> summaries = new ArrayList<>();
    for (Layer layer : network.layers()) {
      TensorType output = lowered.layers().get(layer.name()).type();
      summaries.add(
          new LayerSummary(
              layer,
              output,
              parameters.getOrDefault(layer.name(), 0L),
              macs.getOrDefault(layer.name(), 0L),
              bytes.applyAsLong(output)));
    }
    return summaries;
  }

  private static long macs(Node node) {
    Op op = node.op();
    return op.multiplyAdds(types(node.inputs()), types(node.outputs()));
  }

  private static List<TensorType> types(List<Value> values) {
    return values.stream().map(Value::type).toList();
  }

  /** Returns the trained numbers by layer; a parameter is called {@code layer.leaf}. */
  private static Map<String, Long> parameters(LoweredNetwork lowered) {
    Map<String, Long> counts = new HashMap<>();
    for (LoweredNetwork.Parameter parameter : lowered.parameters()) {
      ParameterSpec spec = parameter.spec();
      if (spec.role().isTrained()) {
        String layer = spec.name().substring(0, spec.name().lastIndexOf('.'));
        counts.merge(layer, spec.shape().elements(), Long::sum);
      }
    }
    return counts;
  }
}
