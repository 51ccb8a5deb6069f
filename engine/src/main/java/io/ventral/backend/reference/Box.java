package io.ventral.backend.reference;

import io.ventral.tensor.Shape;

/**
 * A box of elements read from one place and written to another, each in steps of its own. Axes are
 * logical and of any number; a step of 0 reads one element again and again.
 */
record Box(int[] extents, int[] fromSteps, int[] toSteps) {

  /** Returns the steps between neighbours along each axis of {@code shape} in memory. */
  static int[] steps(Shape shape) {
    long[] strides = shape.memoryStrides();
    int[] steps = new int[strides.length];
    for (int axis = 0; axis < steps.length; axis++) {
      steps[axis] = (int) strides[axis];
    }
    return steps;
  }

  /** Copies the box from {@code x} at memory index {@code from} to {@code y} at {@code to}. */
  void copy(Elements x, int from, Elements y, int to) {
    copy(0, x.data(), x.offset() + from, y.data(), y.offset() + to);
  }

  private void copy(int axis, double[] xs, int from, double[] ys, int to) {
    if (axis == extents.length) {
      ys[to] = xs[from];
    } else if (axis == extents.length - 1) {
      for (int i = 0; i < extents[axis]; i++) {
        ys[to + i * toSteps[axis]] = xs[from + i * fromSteps[axis]];
      }
    } else {
      for (int i = 0; i < extents[axis]; i++) {
        copy(axis + 1, xs, from + i * fromSteps[axis], ys, to + i * toSteps[axis]);
      }
    }
  }
}
