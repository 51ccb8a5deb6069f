package io.ventral.train;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.network.LoweredNetwork;
import io.ventral.network.LoweringOptions;
import io.ventral.network.Network;
import io.ventral.network.NetworkLowering;
import io.ventral.network.ParameterSpec;
import io.ventral.op.Softmax;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import java.util.List;

/**
 * One batch of evaluation as a graph: forward with running statistics, losses, counts,
 * probabilities.
 *
 * @param parameters stored tensors of the network in order
 */
public record EvaluationProgram(Graph graph, List<ParameterSpec> parameters) {
  /**
   * Returns the program for a batch of {@code batch} samples on all devices together, fed with
   * numbers.
   */
  public static EvaluationProgram build(Network network, int batch, DType dtype) {
    return build(network, batch, new ImageInput.Normalized(), dtype);
  }

  /** Returns the program for a batch of {@code batch} samples on all devices together. */
  public static EvaluationProgram build(
      Network network, int batch, ImageInput images, DType dtype) {
    GraphBuilder builder = new GraphBuilder(network.name() + " evaluation, batch " + batch);
    Value input = images.declare(builder, network, batch, dtype);
    Value labels = ProgramInputs.labels(builder, batch);
    Value weights = ProgramInputs.weights(builder, batch, dtype);
    LoweredNetwork lowered =
        NetworkLowering.lower(network, builder, input, null, LoweringOptions.evaluation(dtype));
    ClassificationLoss loss =
        ClassificationLoss.of(builder, lowered.layers().get(network.output()), labels, weights, 0);
    builder.output(Names.LOSS_SUM, loss.sum(builder));
    ProgramInputs.accuracy(builder, loss);
    builder.batchedOutput(Names.PROBABILITIES, builder.emit(new Softmax(), loss.scores()));
    builder.batchedOutput(Names.LOSSES, loss.losses());
    return new EvaluationProgram(
        builder.build(),
        lowered.parameters().stream().map(LoweredNetwork.Parameter::spec).toList());
  }
}
