package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Axes in another order: axis i of y is axis {@code permutation[i]} of x, in logical terms. */
public record Transpose(List<Integer> permutation) implements Op {
  public Transpose {
    permutation = List.copyOf(permutation);
    List<Integer> axes = IntStream.range(0, permutation.size()).boxed().toList();
    if (!permutation.stream().sorted().toList().equals(axes)) {
      throw EngineException.user(permutation + " is not a permutation of " + axes);
    }
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 1);
    TensorType x = inputs.getFirst();
    Signature.rank("input", x, permutation.size());
    int[] extents = permutation.stream().mapToInt(x::extent).toArray();
    return List.of(x.with(Shape.of(extents)));
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    List<Integer> inverse = new ArrayList<>();
    for (int axis = 0; axis < permutation.size(); axis++) {
      inverse.add(permutation.indexOf(axis));
    }
    return b.first(() -> b.emit(new Transpose(inverse), b.gradient()));
  }

  @Override
  public Op shard(BatchShard shard) {
    return Signature.shardUnless(permutation.getFirst() != 0, this, "axis 0 moves");
  }

  @Override
  public String label() {
    return "Transpose " + permutation;
  }
}
