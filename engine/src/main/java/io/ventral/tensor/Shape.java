package io.ventral.tensor;

import io.ventral.error.EngineException;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Extents of a tensor in logical order: N, C, H, W for activations, O, I, H, W for filters. Every
 * extent is at least 1; rank 0 is a scalar.
 */
public final class Shape {
  private static final Shape SCALAR = new Shape(new int[0]);

  private final int[] extents;

  private Shape(int[] extents) {
    this.extents = extents;
  }

  /**
   * Returns the shape with these extents.
   *
   * @throws EngineException USER if an extent is below 1
   */
  public static Shape of(int... extents) {
    for (int extent : extents) {
      if (extent < 1) {
        throw EngineException.user(
            "shape " + Arrays.toString(extents) + " has an extent below 1; each must be positive");
      }
    }
    return extents.length == 0 ? SCALAR : new Shape(extents.clone());
  }

  /** Returns the shape of a single number: rank 0, one element. */
  public static Shape scalar() {
    return SCALAR;
  }

  public int rank() {
    return extents.length;
  }

  /** Returns the extent of {@code axis}, counted from 0. */
  public int extent(int axis) {
    return extents[axis];
  }

  /** Returns a copy of the extents. */
  public int[] extents() {
    return extents.clone();
  }

  /** Returns the number of elements. */
  public long elements() {
    long count = 1;
    for (int extent : extents) {
      count = Math.multiplyExact(count, (long) extent);
    }
    return count;
  }

  /** Returns this shape with {@code axis} of another extent. */
  public Shape with(int axis, int extent) {
    int[] changed = extents.clone();
    changed[axis] = extent;
    return of(changed);
  }

  /** Returns the elements of one index of axis 0: of one sample. */
  public long elementsPerSample() {
    return elements() / extents[0];
  }

  /**
   * Returns, for each logical axis, the distance in memory between neighbours, in elements. Rank 4
   * lies channels-last (N, H, W, C; filters O, H, W, I); every other rank is row-major.
   */
  public long[] memoryStrides() {
    int[] order = memoryOrder();
    long[] strides = new long[extents.length];
    long step = 1;
    for (int i = order.length - 1; i >= 0; i--) {
      strides[order[i]] = step;
      step *= extents[order[i]];
    }
    return strides;
  }

  /** Returns the logical axes from outermost to innermost in memory. */
  public int[] memoryOrder() {
    return switch (extents.length) {
      case 4 -> new int[] {0, 2, 3, 1};
      default -> IntStream.range(0, extents.length).toArray();
    };
  }

  /**
   * Returns, for each axis, the distance between neighbours when the tensor is row-major, in
   * elements.
   */
  public long[] rowMajorStrides() {
    long[] strides = new long[extents.length];
    long step = 1;
    for (int axis = extents.length - 1; axis >= 0; axis--) {
      strides[axis] = step;
      step *= extents[axis];
    }
    return strides;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(extents, shape.extents);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(extents);
  }

  @Override
  public String toString() {
    return Arrays.stream(extents)
        .mapToObj(String::valueOf)
        .collect(Collectors.joining(",", "[", "]"));
  }
}
