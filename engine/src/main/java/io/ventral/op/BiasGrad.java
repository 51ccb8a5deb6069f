package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;

/**
 * Gradient of {@link BiasAdd} for the bias: from dy [N,C,…] to db [C], summed over all other axes;
 * FLOAT32 where dy has 16 bits.
 */
public record BiasGrad() implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 1);
    Signature.atLeastRank("output gradient", inputs.getFirst(), 2);
    TensorType dy = inputs.getFirst();
    return List.of(TensorType.of(dy.dtype().accumulator(), dy.extent(1)));
  }

  @Override
  public boolean sumsOverBatch(int output) {
    return true;
  }
}
