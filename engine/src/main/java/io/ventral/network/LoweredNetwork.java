package io.ventral.network;

import io.ventral.op.Value;
import java.util.List;
import java.util.Map;

/**
 * A network inside a graph.
 *
 * @param layers the result of each layer by name
 * @param parameters stored tensors in the order of the layers, with their initial values in the
 *     graph
 * @param statistics what the running statistics become if the step is applied
 */
public record LoweredNetwork(
    Map<String, Value> layers, List<Parameter> parameters, List<StatisticUpdate> statistics) {
  public LoweredNetwork {
    layers = Map.copyOf(layers);
    parameters = List.copyOf(parameters);
    statistics = List.copyOf(statistics);
  }

  /** A stored tensor and its value in the graph. */
  public record Parameter(ParameterSpec spec, Value value) {}

  /** The statistic of the batch that a running statistic moves towards, with that weight. */
  public record StatisticUpdate(Value running, Value batch, double momentum) {}
}
