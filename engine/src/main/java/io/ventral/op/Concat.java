package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Joins values along {@code axis}; all other extents are equal. */
public record Concat(int axis) implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    if (inputs.isEmpty()) {
      throw EngineException.user("takes at least one input");
    }
    TensorType first = inputs.getFirst();
    Signature.axis(axis, first);
    int extent = 0;
    for (TensorType input : inputs) {
      Signature.rank("each input", input, first.rank());
      Signature.same(
          "each input, but for axis " + axis + ",",
          input.with(input.shape().with(axis, 1)),
          first.with(first.shape().with(axis, 1)));
      extent += input.extent(axis);
    }
    return List.of(first.with(first.shape().with(axis, extent)));
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    List<Optional<Value>> gradients = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i < b.inputs().size(); i++) {
      Slice part = new Slice(axis, begin, begin + b.input(i).type().extent(axis));
      gradients.add(b.when(i, () -> b.emit(part, b.gradient())));
      begin = part.end();
    }
    return gradients;
  }

  @Override
  public Op shard(BatchShard shard) {
    return Signature.shardUnless(axis == 0, this, "samples are joined");
  }

  @Override
  public String label() {
    return "Concat axis " + axis;
  }
}
