package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;

/** Gradient of {@link Tanh} from y and dy: dx = dy·(1 − y²). */
public record TanhGrad() implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 2);
    Signature.same("output gradient", inputs.get(1), inputs.get(0));
    return List.of(inputs.getFirst());
  }
}
