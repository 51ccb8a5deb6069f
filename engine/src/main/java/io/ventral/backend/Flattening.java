package io.ventral.backend;

import io.ventral.tensor.Shape;
import java.util.Arrays;

/** What becomes of memory when a value gets another shape with the same logical row-major order. */
public sealed interface Flattening {
  /** The bytes stay as they are. */
  record Same() implements Flattening {}

  /** Each of {@code count} matrices is transposed. */
  record Transposed(long count, long rows, long columns) implements Flattening {}

  /** The order changes in some other way. */
  record Other() implements Flattening {}

  /** Returns what becomes of memory from one shape to another of as many elements. */
  static Flattening of(Shape from, Shape to) {
    boolean flatFrom = isRowMajor(from);
    boolean flatTo = isRowMajor(to);
    if ((flatFrom && flatTo) || (!flatFrom && !flatTo && Arrays.equals(sizes(from), sizes(to)))) {
      return new Same();
    }
    if (flatTo) {
      long[] x = sizes(from);
      return new Transposed(x[0], x[2], x[1]);
    }
    if (flatFrom) {
      long[] y = sizes(to);
      return new Transposed(y[0], y[1], y[2]);
    }
    return new Other();
  }

  /** Returns whether elements lie in memory in logical row-major order. */
  static boolean isRowMajor(Shape shape) {
    return shape.rank() != 4
        || shape.extent(1) == 1
        || (shape.extent(2) == 1 && shape.extent(3) == 1);
  }

  /** Returns samples, channels and positions of a shape of rank 4. */
  private static long[] sizes(Shape shape) {
    return new long[] {shape.extent(0), shape.extent(1), (long) shape.extent(2) * shape.extent(3)};
  }
}
