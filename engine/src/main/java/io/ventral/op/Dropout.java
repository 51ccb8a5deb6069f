package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Inverted dropout (Srivastava et al. 2014): y = x/(1 − rate) where the element is kept, else 0.
 * Whether element e (row-major in the whole batch) is kept at the step given by the i64 scalar is
 * Philox(seed).uniform(purpose, step, e) ≥ rate, so the gradient is the same operation on dy.
 *
 * @param purpose the random stream of this layer
 * @param firstSample position of this share in the whole batch
 */
public record Dropout(double rate, long seed, int purpose, int firstSample) implements Op {
  public Dropout {
    if (!(rate >= 0 && rate < 1)) {
      throw EngineException.user("dropout rate must lie in [0, 1), not " + rate);
    }
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 2);
    Signature.floating("input", inputs.get(0));
    Signature.atLeastRank("input", inputs.get(0), 1);
    Signature.scalar("step", inputs.get(1), DType.INT64);
    return List.of(inputs.getFirst());
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    return b.first(() -> b.emit(this, b.gradient(), b.input(1)));
  }

  @Override
  public Op shard(BatchShard shard) {
    return new Dropout(rate, seed, purpose, firstSample + shard.firstRow());
  }

  @Override
  public String label() {
    return "Dropout rate " + rate;
  }
}
