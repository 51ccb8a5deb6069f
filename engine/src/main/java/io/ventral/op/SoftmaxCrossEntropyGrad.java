package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;

/**
 * Gradient of {@link SoftmaxCrossEntropy} from logits, labels and dlosses [N]: dx[k] = dloss·(p[k]
 * − t[k]).
 */
public record SoftmaxCrossEntropyGrad(SoftmaxCrossEntropy forward) implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 3);
    Signature.same(
        "gradient of the losses",
        inputs.get(2),
        forward.outputTypes(inputs.subList(0, 2)).getFirst());
    return List.of(inputs.getFirst());
  }
}
