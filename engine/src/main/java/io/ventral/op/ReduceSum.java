package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** Sum over {@code axes}, which vanish from the shape. */
public record ReduceSum(List<Integer> axes) implements Op {
  public ReduceSum {
    axes = Reduction.axes(axes);
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 1);
    return List.of(Reduction.outputType(inputs.getFirst(), axes));
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    return b.first(() -> b.emit(new BroadcastLike(axes), b.gradient(), b.input(0)));
  }

  @Override
  public boolean sumsOverBatch(int output) {
    return axes.contains(0);
  }

  @Override
  public String label() {
    return "ReduceSum over " + axes;
  }
}
