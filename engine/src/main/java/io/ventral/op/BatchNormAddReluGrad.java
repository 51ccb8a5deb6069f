package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Fused: {@link ReluGrad}, then {@link BatchNormGrad}: from x, scale, mean, variance, the y of
 * {@link BatchNormAddReluTrain}, and dy to dx, dscale [C], dbias [C] and the gradient of the
 * addend, which is dy where y was positive.
 */
public record BatchNormAddReluGrad(BatchNormTrain norm) implements Op {
  private static final int Y = 4;

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 6);
    TensorType x = inputs.getFirst();
    Signature.same("y", inputs.get(Y), x);
    List<TensorType> others = new ArrayList<>(inputs);
    others.remove(Y);
    List<TensorType> types = new ArrayList<>(new BatchNormGrad(norm).outputTypes(others));
    types.add(x);
    return types;
  }

  /** The sums need all of x and dy before; then x is read again, and what was left of dy. */
  @Override
  public long bytesMoved(List<TensorType> inputs, List<TensorType> outputs) {
    return Op.super.bytesMoved(inputs, outputs) + 2 * inputs.getFirst().bytes();
  }

  @Override
  public boolean isPerChannel(int input) {
    return input > 0 && input < Y;
  }

  @Override
  public boolean sumsOverBatch(int output) {
    return output == 1 || output == 2;
  }

  @Override
  public Op shard(BatchShard shard) {
    return new BatchNormAddReluGrad((BatchNormTrain) norm.shard(shard));
  }
}
