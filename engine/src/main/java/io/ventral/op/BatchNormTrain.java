package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Batch normalisation by the statistics of the batch (Ioffe and Szegedy 2015): for x [N,C,…], scale
 * and bias [C], y = scale·(x − mean)/√(variance + epsilon) + bias. The batch falls into {@code
 * groups} runs of consecutive samples, each normalised by its own statistics, as on that many
 * devices.
 *
 * <p>Outputs: y; mean, variance (divided by the count m) and unbiased variance (divided by m − 1),
 * each [groups,C]. They, scale and bias are FLOAT32 where x has 16 bits.
 */
public record BatchNormTrain(double epsilon, int groups) implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 3);
    TensorType x = inputs.getFirst();
    channels(x, inputs.get(1), inputs.get(2));
    if (groups < 1 || groups > x.extent(0)) {
      throw EngineException.user(
          "a batch of %d cannot fall into %d statistics groups".formatted(x.extent(0), groups));
    }
    if (x.extent(0) / groups * (x.shape().elementsPerSample() / x.extent(1)) < 2) {
      throw EngineException.user(
          "training needs more than one value a channel in each statistics group; use a larger"
              + " batch");
    }
    TensorType statistics = TensorType.of(inputs.get(1).dtype(), groups, x.extent(1));
    return List.of(x, statistics, statistics, statistics);
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

  static void channels(TensorType x, TensorType scale, TensorType bias) {
    Signature.atLeastRank("input", x, 2);
    Signature.floating("input", x);
    Signature.vector("scale", scale, x.extent(1));
    Signature.dtype("scale", scale, x.dtype().accumulator());
    Signature.same("bias", bias, scale);
  }

  /** Returns the first sample of statistics group {@code group} in a batch of {@code batch}. */
  public int firstSample(int group, int batch) {
    return BatchShard.of(batch, group, groups).firstRow();
  }

  /** Only y has a gradient; nothing that is trained depends on the statistics outputs. */
  @Override
  public List<Optional<Value>> gradient(Backward b) {
    List<Value> all =
        b.emitter()
            .emit(
                new BatchNormGrad(this),
                List.of(b.input(0), b.input(1), b.output(1), b.output(2), b.gradient()));
    return b.result(
        b.when(0, () -> all.get(0)), b.when(1, () -> all.get(1)), b.when(2, () -> all.get(2)));
  }

  @Override
  public Op shard(BatchShard shard) {
    return Signature.shardUnless(
        groups % shard.parts() != 0,
        new BatchNormTrain(epsilon, Math.max(1, groups / shard.parts())),
        groups + " statistics groups do not divide over " + shard.parts() + " devices");
  }

  @Override
  public String label() {
    return "BatchNormTrain epsilon " + epsilon + (groups == 1 ? "" : " groups " + groups);
  }
}
