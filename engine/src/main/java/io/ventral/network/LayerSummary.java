package io.ventral.network;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.Node;
import io.ventral.graph.Output;
import io.ventral.op.Cast;
import io.ventral.op.Op;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

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
   * @param dtype in which values are stored
   * @param formats what becomes of a graph whose values are not all computed so
   * @param bytes the size of a value on the device
   * @throws io.ventral.error.EngineException USER if a layer does not fit its inputs
   */
  public static List<LayerSummary> of(
      Network network,
      int batch,
      DType dtype,
      UnaryOperator<Graph> formats,
      ToLongFunction<TensorType> bytes) {
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
    for (Layer layer : network.layers()) {
      builder.output(layer.name(), lowered.layers().get(layer.name()));
    }
    Map<String, TensorType> outputs = outputs(formats.apply(builder.build()));
    List<LayerSummary> summaries = new ArrayList<>();
    for (Layer layer : network.layers()) {
      TensorType output = outputs.get(layer.name());
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

  /** Returns how results are computed; as results of the program they may have been cast since. */
  private static Map<String, TensorType> outputs(Graph graph) {
    Map<Value, TensorType> cast = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Cast) {
        cast.put(node.outputs().getFirst(), node.inputs().getFirst().type());
      }
    }
    Map<String, TensorType> outputs = new HashMap<>();
    for (Output output : graph.outputs()) {
      outputs.put(output.name(), cast.getOrDefault(output.value(), output.value().type()));
    }
    return outputs;
  }

  private static long macs(Node node) {
    Op op = node.op();
    return op.multiplyAdds(node.inputTypes(), node.outputTypes());
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
