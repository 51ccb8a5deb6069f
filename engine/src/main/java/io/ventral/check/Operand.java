package io.ventral.check;

import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;

/**
 * An input of a case.
 *
 * @param differentiable whether its gradient is checked against finite differences
 * @param rounded whether it has the format of the values where the operation would have it finer
 */
public record Operand(TensorType type, Fill fill, boolean differentiable, boolean rounded) {
  /** An operand as fine as the operation would have it. */
  public Operand(TensorType type, Fill fill, boolean differentiable) {
    this(type, fill, differentiable, false);
  }

  /** Returns numbers in [−1, 1) whose gradient is checked. */
  static Operand smooth(int... extents) {
    return smooth(new Fill.Uniform(-1, 1), extents);
  }

  /** Returns an operand whose gradient is checked. */
  static Operand smooth(Fill fill, int... extents) {
    return new Operand(TensorType.of(DType.FLOAT64, extents), fill, true);
  }

  /** Returns numbers in [−1, 1) without gradient. */
  static Operand fixed(int... extents) {
    return fixed(new Fill.Uniform(-1, 1), extents);
  }

  /** Returns an operand without gradient. */
  static Operand fixed(Fill fill, int... extents) {
    return new Operand(TensorType.of(DType.FLOAT64, extents), fill, false);
  }

  /** Returns this operand without gradient. */
  Operand fixed() {
    return new Operand(type, fill, false, rounded);
  }

  /** Returns this operand in the format of the values. */
  Operand inFormatOfValues() {
    return new Operand(type, fill, differentiable, true);
  }

  /** Returns class labels for {@code samples} samples. */
  static Operand labels(int samples, int classes) {
    return new Operand(TensorType.of(DType.INT64, samples), new Fill.Integers(classes), false);
  }

  /** Returns labels that are given. */
  static Operand labels(Double... labels) {
    return new Operand(
        TensorType.of(DType.INT64, labels.length), new Fill.Given(List.of(labels)), false);
  }

  /** Returns a scalar of a format: a flag, a count, a rate. */
  static Operand scalar(DType dtype, double value) {
    return new Operand(TensorType.of(dtype), new Fill.Same(value), false);
  }

  /** Returns this operand in {@code dtype}, if it holds floating-point numbers. */
  Operand as(DType dtype) {
    return type.dtype().isFloating()
        ? new Operand(type.with(dtype), fill, differentiable, rounded)
        : this;
  }
}
