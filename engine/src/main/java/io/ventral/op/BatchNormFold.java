package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;

/**
 * The filter and bias of a convolution that normalises by given statistics itself: from filter w
 * [O,I,kh,kw] and scale, bias, mean, variance [O], and the convolution's own bias b [O] if it has
 * one, with f = scale/√(variance + epsilon), to w' = f·w, filter by filter, and f·(b − mean) + bias
 * [O]. Made after differentiation, so it has no gradient.
 */
public record BatchNormFold(double epsilon) implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    if (inputs.size() != 6) {
      Signature.count(inputs, 5);
    }
    TensorType filter = inputs.getFirst();
    Signature.rank("filter", filter, 4);
    Signature.floating("filter", filter);
    for (TensorType vector : inputs.subList(1, inputs.size())) {
      Signature.same("each vector", vector, TensorType.of(filter.dtype(), filter.extent(0)));
    }
    return List.of(filter, inputs.get(1));
  }

  @Override
  public String label() {
    return "BatchNormFold epsilon " + epsilon;
  }
}
