package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Mean squared difference of predictions and targets [N,…], one loss a sample [N]: the mean over
 * the sample of (x − t)².
 */
public record MeanSquaredError() implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 2);
    Signature.atLeastRank("predictions", inputs.get(0), 1);
    Signature.floating("predictions", inputs.get(0));
    Signature.same("target", inputs.get(1), inputs.get(0));
    return List.of(TensorType.of(inputs.get(0).dtype(), inputs.get(0).extent(0)));
  }

  /** The loss is symmetric: swapping the operands gives the gradient of the other. */
  @Override
  public List<Optional<Value>> gradient(Backward b) {
    Op grad = new MeanSquaredErrorGrad(this);
    return b.result(
        b.when(0, () -> b.emit(grad, b.input(0), b.input(1), b.gradient())),
        b.when(1, () -> b.emit(grad, b.input(1), b.input(0), b.gradient())));
  }
}
