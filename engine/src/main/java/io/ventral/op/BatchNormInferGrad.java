package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;

/**
 * Gradient of {@link BatchNormInfer}: from x, scale, mean, variance and dy to dx, dscale [C] and
 * dbias [C].
 */
public record BatchNormInferGrad(double epsilon) implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 5);
    TensorType x = inputs.getFirst();
    TensorType scale = inputs.get(1);
    BatchNormTrain.channels(x, scale, scale);
    BatchNormTrain.channels(x, inputs.get(2), inputs.get(3));
    Signature.same("output gradient", inputs.get(4), x);
    return List.of(x, scale, scale);
  }

  @Override
  public boolean isPerChannel(int input) {
    return input > 0 && input < 4;
  }

  @Override
  public boolean sumsOverBatch(int output) {
    return output > 0;
  }
}
