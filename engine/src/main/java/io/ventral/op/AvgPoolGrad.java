package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;

/**
 * Gradient of {@link AvgPool}: from dy [N,C,H',W'] to dx [N,C,H,W]; each dy is spread evenly over
 * its window.
 */
public record AvgPoolGrad(AvgPool pool, int inputHeight, int inputWidth) implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 1);
    return List.of(
        Pooling.inputType(
            inputs.getFirst(), pool.window(), pool.rounding(), inputHeight, inputWidth));
  }

  @Override
  public String label() {
    return Pooling.label("AvgPoolGrad", pool.window(), pool.rounding());
  }
}
