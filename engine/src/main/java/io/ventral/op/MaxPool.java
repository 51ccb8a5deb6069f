package io.ventral.op;

import io.ventral.tensor.Rounding;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import java.util.List;
import java.util.Optional;

/**
 * Maximum of each window over x [N,C,H,W]; padding never wins. Of equal values the first in
 * row-major order of the window counts, and a NaN beats every number. The second output is what the
 * kernel saves for {@link MaxPoolGrad}.
 */
public record MaxPool(Window2d window, Rounding rounding) implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 1);
    return List.of(Pooling.outputType(inputs.getFirst(), window, rounding), TensorType.opaque());
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    TensorType x = b.input(0).type();
    return b.first(
        () ->
            b.emit(
                new MaxPoolGrad(window, rounding, x.extent(2), x.extent(3)),
                b.output(1),
                b.gradient()));
  }

  @Override
  public String label() {
    return Pooling.label("MaxPool", window, rounding);
  }
}
