package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;

/** Gradient of {@link LocalResponseNorm}: from x, y and dy to dx, all [N,C,…]. */
public record LocalResponseNormGrad(LocalResponseNorm forward) implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 3);
    Signature.same("output", inputs.get(1), inputs.get(0));
    Signature.same("output gradient", inputs.get(2), inputs.get(0));
    return List.of(inputs.getFirst());
  }
}
