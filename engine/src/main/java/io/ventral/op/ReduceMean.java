package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** Mean over {@code axes}, which vanish from the shape. */
public record ReduceMean(List<Integer> axes) implements Op {
  public ReduceMean {
    axes = Reduction.axes(axes);
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 1);
    return List.of(Reduction.outputType(inputs.getFirst(), axes));
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    double share = 1.0 / Reduction.count(b.input(0).type(), axes);
    return b.first(
        () -> b.emit(new BroadcastLike(axes), b.emit(new Scale(share), b.gradient()), b.input(0)));
  }

  @Override
  public Op shard(BatchShard shard) {
    return Signature.shardUnless(axes.contains(0), this, "it divides by the batch");
  }

  @Override
  public String label() {
    return "ReduceMean over " + axes;
  }
}
