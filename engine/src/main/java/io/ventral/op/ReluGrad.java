package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;

/** Gradient of {@link Relu} from y and dy: dx = dy where y > 0, else 0. */
public record ReluGrad() implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 2);
    Signature.same("output gradient", inputs.get(1), inputs.get(0));
    return List.of(inputs.getFirst());
  }
}
