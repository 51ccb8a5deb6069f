package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;

/** Gradient of {@link LeakyRelu} from x and dy: dx = dy where x > 0, else slope·dy. */
public record LeakyReluGrad(double slope) implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 2);
    Signature.same("output gradient", inputs.get(1), inputs.get(0));
    return List.of(inputs.getFirst());
  }
}
