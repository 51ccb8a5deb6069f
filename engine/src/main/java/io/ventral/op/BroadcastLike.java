package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * x repeated along {@code axes} to the shape of a second value, whose contents are never read: the
 * transpose of {@link ReduceSum}. The shape comes from a value, not from an attribute, so that it
 * follows the batch size and its shards.
 */
public record BroadcastLike(List<Integer> axes) implements Op {
  public BroadcastLike {
    axes = Reduction.axes(axes);
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 2);
    TensorType like = inputs.get(1);
    Signature.same("input", inputs.get(0), Reduction.outputType(like, axes));
    return List.of(like);
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    return b.first(() -> b.emit(new ReduceSum(axes), b.gradient()));
  }

  @Override
  public boolean readsOnlyShape(int input) {
    return input == 1;
  }

  @Override
  public String label() {
    return "BroadcastLike along " + axes;
  }
}
