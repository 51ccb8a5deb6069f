package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;

/**
 * Fused: {@link Add} of two gradients, then {@link ReluGrad}: from y, a and b, dx = a + b where y >
 * 0, else 0. So the gradients of both branches behind a residual block are summed and masked in one
 * pass.
 */
public record AddReluGrad() implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 3);
    Signature.same("first gradient", inputs.get(1), inputs.get(0));
    Signature.same("second gradient", inputs.get(2), inputs.get(0));
    return List.of(inputs.getFirst());
  }
}
