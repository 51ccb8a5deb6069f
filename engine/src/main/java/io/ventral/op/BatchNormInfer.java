package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Batch normalisation by given statistics: for x [N,C,…] and scale, bias, mean, variance [C], y =
 * scale·(x − mean)/√(variance + epsilon) + bias. Mean and variance are constants to the gradient.
 */
public record BatchNormInfer(double epsilon) implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 5);
    BatchNormTrain.channels(inputs.get(0), inputs.get(1), inputs.get(2));
    BatchNormTrain.channels(inputs.get(0), inputs.get(3), inputs.get(4));
    return List.of(inputs.getFirst());
  }

  @Override
  public boolean isPerChannel(int input) {
    return input > 0;
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    List<Value> all =
        b.emitter()
            .emit(
                new BatchNormInferGrad(epsilon),
                List.of(b.input(0), b.input(1), b.input(3), b.input(4), b.gradient()));
    return b.result(
        b.when(0, () -> all.get(0)), b.when(1, () -> all.get(1)), b.when(2, () -> all.get(2)));
  }

  @Override
  public String label() {
    return "BatchNormInfer epsilon " + epsilon;
  }
}
