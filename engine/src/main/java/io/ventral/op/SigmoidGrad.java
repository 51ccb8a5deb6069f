package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;

/** Gradient of {@link Sigmoid} from y and dy: dx = dy·y·(1 − y). */
public record SigmoidGrad() implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 2);
    Signature.same("output gradient", inputs.get(1), inputs.get(0));
    return List.of(inputs.getFirst());
  }
}
