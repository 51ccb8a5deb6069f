package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** Element-wise product of two values of one type. */
public record Multiply() implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 2);
    Signature.same("second operand", inputs.get(1), inputs.get(0));
    return List.of(inputs.getFirst());
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    return b.result(
        b.when(0, () -> b.emit(this, b.gradient(), b.input(1))),
        b.when(1, () -> b.emit(this, b.gradient(), b.input(0))));
  }
}
