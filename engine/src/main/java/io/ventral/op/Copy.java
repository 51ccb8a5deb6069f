package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * The same value again, on device {@code device} of the mesh: the only operation, with {@link
 * AllReduce}, that crosses devices.
 */
public record Copy(int device) implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 1);
    return List.of(inputs.getFirst());
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    return b.first(() -> b.emit(new Copy(b.input(0).device()), b.gradient()));
  }

  @Override
  public String label() {
    return "Copy to device " + device;
  }
}
