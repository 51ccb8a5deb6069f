package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** Logistic function: y = 1 / (1 + e^−x). */
public record Sigmoid() implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 1);
    Signature.floating("input", inputs.getFirst());
    return List.of(inputs.getFirst());
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    return b.first(() -> b.emit(new SigmoidGrad(), b.output(0), b.gradient()));
  }
}
