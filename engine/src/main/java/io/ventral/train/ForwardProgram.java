package io.ventral.train;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.network.LoweredNetwork;
import io.ventral.network.LoweringOptions;
import io.ventral.network.Network;
import io.ventral.network.NetworkLowering;
import io.ventral.network.ParameterSpec;
import io.ventral.op.Value;
import java.util.List;

/**
 * One forward pass as a graph, whose outputs are results of layers under their names; nothing
 * changes.
 *
 * @param parameters stored tensors of the network in order
 */
record ForwardProgram(Graph graph, List<ParameterSpec> parameters) {
  /**
   * Returns the program for a batch of {@code batch} samples on all devices together.
   *
   * @param layers names of layers, each once
   */
  static ForwardProgram build(
      Network network, int batch, LoweringOptions options, List<String> layers) {
    GraphBuilder builder = new GraphBuilder(network.name() + " forward, batch " + batch);
    Value input = new ImageInput.Normalized().declare(builder, network, batch, options.dtype());
    LoweredNetwork lowered = NetworkLowering.lower(network, builder, input, null, options);
    layers.forEach(layer -> builder.batchedOutput(layer, lowered.layers().get(layer)));
    return new ForwardProgram(
        builder.build(),
        lowered.parameters().stream().map(LoweredNetwork.Parameter::spec).toList());
  }
}
