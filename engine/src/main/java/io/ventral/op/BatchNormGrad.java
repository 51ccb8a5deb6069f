package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;

/**
 * Gradient of {@link BatchNormTrain}: from x, scale, mean, variance and dy to dx, dscale [C] and
 * dbias [C], the statistics being functions of x.
 */
public record BatchNormGrad(BatchNormTrain forward) implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 5);
    TensorType x = inputs.getFirst();
    TensorType scale = inputs.get(1);
    BatchNormTrain.channels(x, scale, scale);
    TensorType statistics = TensorType.of(scale.dtype(), forward.groups(), x.extent(1));
    Signature.same("mean", inputs.get(2), statistics);
    Signature.same("variance", inputs.get(3), statistics);
    Signature.same("output gradient", inputs.get(4), x);
    return List.of(x, scale, scale);
  }

  /** All of x and dy has to be read for the sums before the first result. */
  @Override
  public long bytesMoved(List<TensorType> inputs, List<TensorType> outputs) {
    return Op.super.bytesMoved(inputs, outputs) + 2 * inputs.getFirst().bytes();
  }

  @Override
  public boolean isPerChannel(int input) {
    return input > 0 && input < 4;
  }

  @Override
  public boolean sumsOverBatch(int output) {
    return output > 0;
  }

  @Override
  public Op shard(BatchShard shard) {
    return new BatchNormGrad((BatchNormTrain) forward.shard(shard));
  }
}
