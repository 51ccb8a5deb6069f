package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;

/** The flag (i32 scalar) that is 1 if every element of every input is finite, else 0. */
public record FiniteCheck() implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    if (inputs.isEmpty()) {
      throw EngineException.user("takes at least one input");
    }
    inputs.forEach(input -> Signature.floating("each input", input));
    return List.of(TensorType.of(DType.INT32));
  }

  @Override
  public Op shard(BatchShard shard) {
    return Signature.shardUnless(true, this, "the flag must speak for all samples");
  }
}
