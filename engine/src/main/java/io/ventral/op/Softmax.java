package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** Softmax over axis 1 of x [N,K,…]: y[k] = e^x[k] / Σ e^x[j], shifted by the maximum. */
public record Softmax() implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 1);
    Signature.atLeastRank("input", inputs.getFirst(), 2);
    Signature.floating("input", inputs.getFirst());
    return List.of(inputs.getFirst());
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    return b.first(() -> b.emit(new SoftmaxGrad(), b.output(0), b.gradient()));
  }
}
