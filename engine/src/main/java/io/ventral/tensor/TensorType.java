package io.ventral.tensor;

import java.util.Objects;

/** Number format and shape: all that is known of a value before it is computed. */
public record TensorType(DType dtype, Shape shape) {
  public TensorType {
    Objects.requireNonNull(dtype, "dtype");
    Objects.requireNonNull(shape, "shape");
  }

  public static TensorType of(DType dtype, int... extents) {
    return new TensorType(dtype, Shape.of(extents));
  }

  /** Returns the type of what a kernel saves for its backward, sized when the kernel is bound. */
  public static TensorType opaque() {
    return new TensorType(DType.OPAQUE, Shape.scalar());
  }

  public int rank() {
    return shape.rank();
  }

  public int extent(int axis) {
    return shape.extent(axis);
  }

  public long elements() {
    return shape.elements();
  }

  /** Returns elements times bytes an element. */
  public long bytes() {
    return Math.multiplyExact(shape.elements(), (long) dtype.bytes());
  }

  public TensorType with(Shape other) {
    return new TensorType(dtype, other);
  }

  public TensorType with(DType other) {
    return new TensorType(other, shape);
  }

  /** Returns for example {@code f32[128,96,27,27]}. */
  @Override
  public String toString() {
    return dtype.shortName() + shape;
  }
}
