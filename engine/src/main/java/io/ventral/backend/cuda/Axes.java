package io.ventral.backend.cuda;

import io.ventral.tensor.Shape;

/** The axes of a value as they lie in memory, outermost first. */
record Axes(Shape shape, int[] order) {
  static Axes of(Shape shape) {
    return new Axes(shape, shape.memoryOrder());
  }

  int rank() {
    return order.length;
  }

  /** Returns the logical axis at place {@code i} in memory. */
  int axis(int i) {
    return order[i];
  }

  /** Returns the place in memory of a logical axis. */
  int place(int axis) {
    for (int i = 0; i < order.length; i++) {
      if (order[i] == axis) {
        return i;
      }
    }
    throw new IndexOutOfBoundsException(axis);
  }

  /** Returns the elements of all axes outside of place {@code i}. */
  long outside(int i) {
    return product(0, i);
  }

  /** Returns the elements of all axes inside of place {@code i}. */
  long inside(int i) {
    return product(i + 1, order.length);
  }

  private long product(int from, int to) {
    long product = 1;
    for (int i = from; i < to; i++) {
      product *= shape.extent(order[i]);
    }
    return product;
  }
}
