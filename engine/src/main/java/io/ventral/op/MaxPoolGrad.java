package io.ventral.op;

import io.ventral.tensor.Rounding;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import java.util.List;

/**
 * Gradient of {@link MaxPool}: from what it saved and dy [N,C,H',W'] to dx [N,C,H,W]; each dy goes
 * to the element that won.
 */
public record MaxPoolGrad(Window2d window, Rounding rounding, int inputHeight, int inputWidth)
    implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 2);
    Signature.same("saved value", inputs.get(0), TensorType.opaque());
    return List.of(Pooling.inputType(inputs.get(1), window, rounding, inputHeight, inputWidth));
  }

  @Override
  public String label() {
    return Pooling.label("MaxPoolGrad", window, rounding);
  }
}
