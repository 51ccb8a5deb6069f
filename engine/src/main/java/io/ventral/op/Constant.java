package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** A value of the given type whose elements all equal {@code value}. */
public record Constant(TensorType type, double value) implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 0);
    return List.of(type);
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    return List.of();
  }

  @Override
  public String label() {
    return "Constant " + value + " " + type;
  }
}
