package io.ventral.backend.reference;

import io.ventral.op.Concat;
import io.ventral.op.Pad;
import io.ventral.op.Slice;
import io.ventral.op.Transpose;
import io.ventral.tensor.Shape;
import java.util.List;

/** Elements moved, joined, cut out and repeated; axes are logical, whatever the memory order. */
final class Movement {
  private Movement() {}

  static void concat(Concat op, List<Elements> in, Elements y) {
    int[] steps = Box.steps(y.shape());
    int begin = 0;
    for (Elements x : in) {
      new Box(x.shape().extents(), Box.steps(x.shape()), steps)
          .copy(x, 0, y, begin * steps[op.axis()]);
      begin += x.extent(op.axis());
    }
  }

  static void slice(Slice op, Elements x, Elements y) {
    int[] steps = Box.steps(x.shape());
    new Box(y.shape().extents(), steps, Box.steps(y.shape()))
        .copy(x, op.begin() * steps[op.axis()], y, 0);
  }

  static void pad(Pad op, Elements x, Elements y) {
    int[] steps = Box.steps(y.shape());
    int corner = 0;
    for (int axis = 0; axis < steps.length; axis++) {
      corner += op.before().get(axis) * steps[axis];
    }
    Elementwise.fill(y, 0);
    new Box(x.shape().extents(), Box.steps(x.shape()), steps).copy(x, 0, y, corner);
  }

  /** Axis i of y is axis {@code permutation[i]} of x. */
  static void transpose(Transpose op, Elements x, Elements y) {
    int[] steps = Box.steps(x.shape());
    int[] permuted = op.permutation().stream().mapToInt(axis -> steps[axis]).toArray();
    new Box(y.shape().extents(), permuted, Box.steps(y.shape())).copy(x, 0, y, 0);
  }

  /** Every index along {@code axes} of y reads the same element of x. */
  static void broadcast(List<Integer> axes, Elements x, Elements y) {
    int[] steps = Box.steps(x.shape());
    int[] repeated = new int[y.shape().rank()];
    int kept = 0;
    for (int axis = 0; axis < repeated.length; axis++) {
      repeated[axis] = axes.contains(axis) ? 0 : steps[kept++];
    }
    new Box(y.shape().extents(), repeated, Box.steps(y.shape())).copy(x, 0, y, 0);
  }

  /** The same logical row-major order; where both memories follow it, a plain copy. */
  static void reshape(Elements x, Elements y, ParallelLoop parallel) {
    parallel.forEach(
        y.count(), 8, i -> y.set(position(y.shape(), i), x.get(position(x.shape(), i))));
  }

  /** Returns the memory index of element {@code i} in logical row-major order. */
  private static int position(Shape shape, int i) {
    if (shape.rank() != 4) {
      return i;
    }
    int channels = shape.extent(1);
    int area = shape.extent(2) * shape.extent(3);
    int n = i / (channels * area);
    int c = i / area % channels;
    return (n * area + i % area) * channels + c;
  }
}
