package io.ventral.train;

import io.ventral.graph.GraphBuilder;
import io.ventral.network.LoweredNetwork;
import io.ventral.network.Network;
import io.ventral.op.Add;
import io.ventral.op.Multiply;
import io.ventral.op.ReduceSum;
import io.ventral.op.Reshape;
import io.ventral.op.Scale;
import io.ventral.op.SoftmaxCrossEntropy;
import io.ventral.op.TopKCount;
import io.ventral.op.Value;
import java.util.List;

/**
 * Softmax cross-entropy and accuracy of a network in a graph. Samples carry weights, 1 or 0; all
 * results are sums over them.
 *
 * @param scores f[N, classes]
 * @param losses f[N], of the main output
 */
record ClassificationLoss(Value scores, Value losses, Value labels, Value weights) {

  /** Emits the loss of one output. */
  static ClassificationLoss of(
      GraphBuilder builder, Value output, Value labels, Value weights, double labelSmoothing) {
    builder.at("loss");
    Value scores = output.type().rank() == 2 ? output : builder.emit(Reshape.flatten(), output);
    Value losses = builder.emit(new SoftmaxCrossEntropy(labelSmoothing), scores, labels);
    return new ClassificationLoss(scores, losses, labels, weights);
  }

  /** Returns the sum of the losses of main and auxiliary outputs, each with its factor. */
  Value trainingSum(
      GraphBuilder builder, Network network, LoweredNetwork lowered, double labelSmoothing) {
    Value sum = sum(builder);
    for (Network.Auxiliary auxiliary : network.auxiliaries()) {
      Value output = lowered.layers().get(auxiliary.layer());
      Value own = of(builder, output, labels, weights, labelSmoothing).sum(builder);
      sum = builder.emit(new Add(), sum, builder.emit(new Scale(auxiliary.lossWeight()), own));
    }
    return sum;
  }

  /** Returns the weighted sum of the losses, a scalar. */
  Value sum(GraphBuilder builder) {
    return builder.emit(new ReduceSum(List.of(0)), builder.emit(new Multiply(), losses, weights));
  }

  /** Returns how many samples have their label among the k best scores, a scalar. */
  Value topK(GraphBuilder builder, int k) {
    return builder.emit(new TopKCount(k), scores, labels, weights);
  }
}
