package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;

/** The checks that shape rules share. Every failure is a USER error. */
final class Signature {
  private Signature() {}

  static void count(List<TensorType> inputs, int count) {
    if (inputs.size() != count) {
      throw EngineException.user("takes " + count + " inputs, not " + inputs.size());
    }
  }

  static void rank(String what, TensorType type, int rank) {
    if (type.rank() != rank) {
      throw EngineException.user(what + " must have rank " + rank + ", not " + type.rank());
    }
  }

  static void atLeastRank(String what, TensorType type, int rank) {
    if (type.rank() < rank) {
      throw EngineException.user(what + " must have rank " + rank + " or more, not " + type.rank());
    }
  }

  static void extent(String what, TensorType type, int axis, int extent) {
    if (type.extent(axis) != extent) {
      throw EngineException.user(
          "axis %d of %s must have extent %d, not %d"
              .formatted(axis, what, extent, type.extent(axis)));
    }
  }

  static void vector(String what, TensorType type, int extent) {
    rank(what, type, 1);
    extent(what, type, 0, extent);
  }

  static void same(String what, TensorType type, TensorType other) {
    if (!type.equals(other)) {
      throw EngineException.user(what + " must be " + other + ", not " + type);
    }
  }

  static void floating(String what, TensorType type) {
    if (!type.dtype().isFloating()) {
      throw EngineException.user(what + " must hold floating-point numbers, not " + type.dtype());
    }
  }

  static void dtype(String what, TensorType type, DType dtype) {
    if (type.dtype() != dtype) {
      throw EngineException.user(what + " must be " + dtype.shortName() + ", not " + type);
    }
  }

  static void scalar(String what, TensorType type, DType dtype) {
    rank(what, type, 0);
    dtype(what, type, dtype);
  }

  static void axis(int axis, TensorType type) {
    if (axis < 0 || axis >= type.rank()) {
      throw EngineException.user("axis " + axis + " is not an axis of " + type);
    }
  }

  /** Scores [N, K] with integer class labels [N]. */
  static void scoresAndLabels(TensorType scores, TensorType labels) {
    rank("scores", scores, 2);
    floating("scores", scores);
    vector("labels", labels, scores.extent(0));
    dtype("labels", labels, DType.INT64);
  }

  /** Returns {@code op} for a share of the batch, unless it cannot be applied to one. */
  static Op shardUnless(boolean refused, Op op, String why) {
    if (refused) {
      throw EngineException.unsupported(op.label() + ": the batch cannot be sharded: " + why);
    }
    return op;
  }
}
