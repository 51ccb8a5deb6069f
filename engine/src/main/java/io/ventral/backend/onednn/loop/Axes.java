package io.ventral.backend.onednn.loop;

import io.ventral.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Some axes of a tensor: how many indices each has, and how far neighbours are apart in memory, in
 * elements.
 */
record Axes(int[] extents, long[] strides) {

  /** Returns the axes of {@code shape} that are in {@code axes}, or those that are not. */
  static Axes of(Shape shape, List<Integer> axes, boolean among) {
    long[] strides = shape.memoryStrides();
    int[] chosen =
        IntStream.range(0, shape.rank()).filter(axis -> axes.contains(axis) == among).toArray();
    return new Axes(
        IntStream.of(chosen).map(shape::extent).toArray(),
        IntStream.of(chosen).mapToLong(axis -> strides[axis]).toArray());
  }

  int rank() {
    return extents.length;
  }

  /**
   * Returns the place, by these strides, of the element that lies at {@code memoryIndex} by the
   * strides of {@code layout}, which has the same extents.
   */
  long place(long memoryIndex, Axes layout) {
    long place = 0;
    for (int axis = 0; axis < extents.length; axis++) {
      place += memoryIndex / layout.strides[axis] % extents[axis] * strides[axis];
    }
    return place;
  }
}
