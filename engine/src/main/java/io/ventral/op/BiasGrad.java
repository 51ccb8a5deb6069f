package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;

/**
 * Gradient of {@link BiasAdd} for the bias: from dy [N,C,…] to db [C], summed over all other axes.
 */
public record BiasGrad() implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 1);
    Signature.atLeastRank("output gradient", inputs.getFirst(), 2);
    return List.of(TensorType.of(inputs.getFirst().dtype(), inputs.getFirst().extent(1)));
  }

  @Override
  public boolean sumsOverBatch(int output) {
    return true;
  }
}
