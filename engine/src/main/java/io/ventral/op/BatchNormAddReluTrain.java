package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Fused: {@link BatchNormTrain}, then {@link AddRelu} of y and an addend: the end of a residual
 * block, from x, scale, bias and the addend. The outputs are those of the normalisation with the
 * rectified sum in y's place.
 */
public record BatchNormAddReluTrain(BatchNormTrain norm) implements Op {
  private static final int ADDEND = 3;

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 4);
    List<TensorType> types = norm.outputTypes(inputs.subList(0, ADDEND));
    Signature.same("addend", inputs.get(ADDEND), types.getFirst());
    return types;
  }

  /** All of x has to be read for the statistics before the first result. */
  @Override
  public long bytesMoved(List<TensorType> inputs, List<TensorType> outputs) {
    return Op.super.bytesMoved(inputs, outputs) + inputs.getFirst().bytes();
  }

  @Override
  public boolean isPerChannel(int input) {
    return input > 0 && input < ADDEND;
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    List<Value> all =
        b.emitter()
            .emit(
                new BatchNormAddReluGrad(norm),
                List.of(
                    b.input(0), b.input(1), b.output(1), b.output(2), b.output(0), b.gradient()));
    return b.result(
        b.when(0, () -> all.get(0)),
        b.when(1, () -> all.get(1)),
        b.when(2, () -> all.get(2)),
        b.when(ADDEND, () -> all.get(3)));
  }

  @Override
  public Op shard(BatchShard shard) {
    return new BatchNormAddReluTrain((BatchNormTrain) norm.shard(shard));
  }

  @Override
  public String label() {
    return norm.label() + " + sum + Relu";
  }
}
