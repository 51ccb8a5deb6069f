package io.ventral.backend.reference;

import io.ventral.tensor.Shape;

/**
 * The elements of an operand: element i in memory order is {@code data[offset + i]}. Rank 4 lies
 * channels-last; integers are held as doubles, exact up to 2^53.
 *
 * @param count number of elements; for an opaque value that of the kernel's choice
 */
record Elements(double[] data, int offset, int count, Shape shape) {
  /** Returns the position in {@code data} of element (n, c, h, w) of rank 4. */
  int at(int n, int c, int h, int w) {
    return offset + ((n * shape.extent(2) + h) * shape.extent(3) + w) * shape.extent(1) + c;
  }

  /** Returns element {@code i} in memory order. */
  double get(int i) {
    return data[offset + i];
  }

  /** Sets element {@code i} in memory order. */
  void set(int i, double value) {
    data[offset + i] = value;
  }

  int extent(int axis) {
    return shape.extent(axis);
  }
}
