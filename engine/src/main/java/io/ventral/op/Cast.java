package io.ventral.op;

import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** The same values rounded to another number format. */
public record Cast(DType dtype) implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 1);
    return List.of(inputs.getFirst().with(dtype));
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    return b.first(() -> b.emit(new Cast(b.input(0).type().dtype()), b.gradient()));
  }

  @Override
  public String label() {
    return "Cast to " + dtype.shortName();
  }
}
