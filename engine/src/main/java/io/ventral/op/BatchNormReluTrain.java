package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Fused: {@link BatchNormTrain}, then {@link Relu} of y. The outputs are those of the normalisation
 * with y rectified, and behind them what the kernel saves: where y was positive.
 */
public record BatchNormReluTrain(BatchNormTrain norm) implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    List<TensorType> types = new ArrayList<>(norm.outputTypes(inputs));
    types.add(TensorType.opaque());
    return types;
  }

  /** All of x has to be read for the statistics before the first result. */
  @Override
  public long bytesMoved(List<TensorType> inputs, List<TensorType> outputs) {
    return Op.super.bytesMoved(inputs, outputs) + inputs.getFirst().bytes();
  }

  @Override
  public boolean isPerChannel(int input) {
    return input > 0;
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    List<Value> all =
        b.emitter()
            .emit(
                new BatchNormReluGrad(norm),
                List.of(
                    b.input(0), b.input(1), b.output(1), b.output(2), b.output(4), b.gradient()));
    return b.result(
        b.when(0, () -> all.get(0)), b.when(1, () -> all.get(1)), b.when(2, () -> all.get(2)));
  }

  @Override
  public Op shard(BatchShard shard) {
    return new BatchNormReluTrain((BatchNormTrain) norm.shard(shard));
  }

  @Override
  public String label() {
    return norm.label() + " + Relu";
  }
}
