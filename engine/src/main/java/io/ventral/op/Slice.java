package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** The part of x from index {@code begin} up to {@code end}, not included, of {@code axis}. */
public record Slice(int axis, int begin, int end) implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 1);
    TensorType x = inputs.getFirst();
    Signature.axis(axis, x);
    if (begin < 0 || begin >= end || end > x.extent(axis)) {
      throw EngineException.user(
          "%d up to %d is no part of an axis of extent %d".formatted(begin, end, x.extent(axis)));
    }
    return List.of(x.with(x.shape().with(axis, end - begin)));
  }

  /** Only the part is read. */
  @Override
  public long bytesMoved(List<TensorType> inputs, List<TensorType> outputs) {
    return 2 * outputs.getFirst().bytes();
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    TensorType x = b.input(0).type();
    return b.first(
        () -> b.emit(Pad.axis(x.rank(), axis, begin, x.extent(axis) - end), b.gradient()));
  }

  @Override
  public Op shard(BatchShard shard) {
    return Signature.shardUnless(axis == 0, this, "samples are picked by position");
  }

  @Override
  public String label() {
    return "Slice axis %d from %d to %d".formatted(axis, begin, end);
  }
}
