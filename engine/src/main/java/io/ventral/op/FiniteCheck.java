package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;

/**
 * The flag (i32 scalar) that is 1 if every element of every input is finite, else 0.
 *
 * @param continued whether the first input is the flag of an earlier check instead: where that is
 *     0, so is this one
 */
public record FiniteCheck(boolean continued) implements Op {
  /** A check of its own. */
  public FiniteCheck() {
    this(false);
  }

  /** Returns the numbers to be checked among the inputs (or their types). */
  public <T> List<T> values(List<T> inputs) {
    return continued ? inputs.subList(1, inputs.size()) : inputs;
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    if (inputs.size() < (continued ? 2 : 1)) {
      throw EngineException.user("takes at least one input to check");
    }
    if (continued) {
      Signature.scalar("flag of the earlier check", inputs.getFirst(), DType.INT32);
    }
    values(inputs).forEach(input -> Signature.floating("each input", input));
    return List.of(TensorType.of(DType.INT32));
  }

  @Override
  public Op shard(BatchShard shard) {
    return Signature.shardUnless(true, this, "the flag must speak for all samples");
  }

  @Override
  public String label() {
    return continued ? "FiniteCheck continued" : "FiniteCheck";
  }
}
