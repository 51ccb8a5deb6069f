package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;

/** Gradient of {@link Softmax} from y and dy [N,K,…]: dx[k] = y[k]·(dy[k] − Σ dy[j]·y[j]). */
public record SoftmaxGrad() implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 2);
    Signature.same("output gradient", inputs.get(1), inputs.get(0));
    return List.of(inputs.getFirst());
  }
}
