package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** Product with a constant: y = factor·x. */
public record Scale(double factor) implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 1);
    Signature.floating("input", inputs.getFirst());
    return List.of(inputs.getFirst());
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    return b.first(() -> b.emit(this, b.gradient()));
  }

  @Override
  public boolean isLinear() {
    return true;
  }

  @Override
  public String label() {
    return "Scale by " + factor;
  }
}
