package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.Rounding;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.tensor.WindowAxis;

/** The shape rule that pooling operations share. */
final class Pooling {
  private Pooling() {}

  static TensorType outputType(TensorType x, Window2d window, Rounding rounding) {
    Signature.rank("input", x, 4);
    Signature.floating("input", x);
    return TensorType.of(
        x.dtype(),
        x.extent(0),
        x.extent(1),
        outputExtent(window.vertical(), x.extent(2), rounding),
        outputExtent(window.horizontal(), x.extent(3), rounding));
  }

  /** Checks dy against the output of a pooling over H × W and returns the type of dx. */
  static TensorType inputType(
      TensorType dy, Window2d window, Rounding rounding, int height, int width) {
    Signature.rank("output gradient", dy, 4);
    Signature.extent("output gradient", dy, 2, window.vertical().outputExtent(height, rounding));
    Signature.extent("output gradient", dy, 3, window.horizontal().outputExtent(width, rounding));
    return TensorType.of(dy.dtype(), dy.extent(0), dy.extent(1), height, width);
  }

  static String label(String name, Window2d window, Rounding rounding) {
    return name + " " + window + (rounding == Rounding.CEIL ? " ceil" : "");
  }

  /** Returns the number of windows; one that lies in the padding alone would have no value. */
  private static int outputExtent(WindowAxis axis, int in, Rounding rounding) {
    int extent = axis.outputExtent(in, rounding);
    for (int out = 0; out < extent; out++) {
      if (axis.firstTap(out) >= axis.endTap(out, in)) {
        throw EngineException.user(
            "window %d of %d over %d elements lies in the padding %d,%d alone"
                .formatted(out, extent, in, axis.padBefore(), axis.padAfter()));
      }
    }
    return extent;
  }
}
