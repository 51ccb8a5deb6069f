package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Zeros put in front of and behind each axis, one count an axis in both lists. */
public record Pad(List<Integer> before, List<Integer> after) implements Op {
  public Pad {
    before = List.copyOf(before);
    after = List.copyOf(after);
    if (before.stream().anyMatch(n -> n < 0) || after.stream().anyMatch(n -> n < 0)) {
      throw EngineException.user("padding " + before + " " + after + " must not be negative");
    }
  }

  /** Returns padding of one axis of a value of rank {@code rank}. */
  public static Pad axis(int rank, int axis, int before, int after) {
    List<Integer> front = new ArrayList<>(Collections.nCopies(rank, 0));
    List<Integer> back = new ArrayList<>(Collections.nCopies(rank, 0));
    front.set(axis, before);
    back.set(axis, after);
    return new Pad(front, back);
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 1);
    TensorType x = inputs.getFirst();
    Signature.rank("input", x, before.size());
    Signature.rank("input", x, after.size());
    Shape shape = x.shape();
    for (int axis = 0; axis < x.rank(); axis++) {
      shape = shape.with(axis, before.get(axis) + x.extent(axis) + after.get(axis));
    }
    return List.of(x.with(shape));
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    return b.first(() -> crop(b));
  }

  private Value crop(Backward b) {
    Value gradient = b.gradient();
    TensorType x = b.input(0).type();
    for (int axis = 0; axis < x.rank(); axis++) {
      if (before.get(axis) + after.get(axis) > 0) {
        int begin = before.get(axis);
        gradient = b.emit(new Slice(axis, begin, begin + x.extent(axis)), gradient);
      }
    }
    return gradient;
  }

  @Override
  public Op shard(BatchShard shard) {
    return Signature.shardUnless(
        before.getFirst() + after.getFirst() > 0, this, "samples are added");
  }

  @Override
  public String label() {
    return "Pad " + before + " " + after;
  }
}
