package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** Fused: {@link Add}, then {@link Relu}. */
public record AddRelu() implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    return new Add().outputTypes(inputs);
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    Value gradient = b.emit(new ReluGrad(), b.output(0), b.gradient());
    return b.result(b.when(0, () -> gradient), b.when(1, () -> gradient));
  }
}
