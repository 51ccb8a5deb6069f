package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The same elements in the same logical row-major order under another shape. In {@code target} 0
 * keeps the extent of that axis of the input and one −1 takes what is left, as in ONNX: so a
 * reshape that keeps axis 0 holds for every batch size.
 */
public record Reshape(List<Integer> target) implements Op {
  public Reshape {
    target = List.copyOf(target);
    if (target.stream().anyMatch(n -> n < -1) || target.stream().filter(n -> n == -1).count() > 1) {
      throw EngineException.user(
          "target shape " + target + " may hold extents, 0 for unchanged and one -1");
    }
  }

  /** Returns the reshape that keeps axis 0 and joins all others. */
  public static Reshape flatten() {
    return new Reshape(List.of(0, -1));
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 1);
    TensorType x = inputs.getFirst();
    int[] extents = new int[target.size()];
    long known = 1;
    for (int axis = 0; axis < extents.length; axis++) {
      extents[axis] = target.get(axis) == 0 ? keep(x, axis) : target.get(axis);
      known *= extents[axis] == -1 ? 1 : extents[axis];
    }
    for (int axis = 0; axis < extents.length; axis++) {
      if (extents[axis] == -1) {
        extents[axis] = Math.toIntExact(x.elements() / known);
        known *= extents[axis];
      }
    }
    if (known != x.elements()) {
      throw EngineException.user(x.elements() + " elements do not fit the shape " + target);
    }
    return List.of(x.with(Shape.of(extents)));
  }

  private static int keep(TensorType x, int axis) {
    Signature.axis(axis, x);
    return x.extent(axis);
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    return b.first(() -> b.emit(back(b.input(0).type()), b.gradient()));
  }

  private Reshape back(TensorType x) {
    List<Integer> extents = new ArrayList<>();
    for (int axis = 0; axis < x.rank(); axis++) {
      extents.add(axis == 0 && keepsBatch() ? 0 : x.extent(axis));
    }
    return new Reshape(extents);
  }

  private boolean keepsBatch() {
    return !target.isEmpty() && target.getFirst() == 0;
  }

  @Override
  public boolean isLinear() {
    return true;
  }

  @Override
  public Op shard(BatchShard shard) {
    return Signature.shardUnless(!keepsBatch(), this, "axis 0 is not kept");
  }

  @Override
  public String label() {
    return "Reshape to " + target;
  }
}
