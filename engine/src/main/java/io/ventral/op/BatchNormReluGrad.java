package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Fused: {@link ReluGrad}, then {@link BatchNormGrad}: from x, scale, mean, variance, what {@link
 * BatchNormReluTrain} saved, and dy to dx, dscale [C] and dbias [C].
 */
public record BatchNormReluGrad(BatchNormTrain norm) implements Op {
  private static final int SAVED = 4;

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 6);
    Signature.same("saved value", inputs.get(SAVED), TensorType.opaque());
    List<TensorType> others = new ArrayList<>(inputs);
    others.remove(SAVED);
    return new BatchNormGrad(norm).outputTypes(others);
  }

  /** All of x and dy has to be read for the sums before the first result. */
  @Override
  public long bytesMoved(List<TensorType> inputs, List<TensorType> outputs) {
    return Op.super.bytesMoved(inputs, outputs) + 2 * inputs.getFirst().bytes();
  }

  @Override
  public boolean isPerChannel(int input) {
    return input > 0 && input < SAVED;
  }

  @Override
  public boolean sumsOverBatch(int output) {
    return output > 0;
  }

  @Override
  public Op shard(BatchShard shard) {
    return new BatchNormReluGrad((BatchNormTrain) norm.shard(shard));
  }
}
