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
    padding(window.vertical());
    padding(window.horizontal());
    return TensorType.of(
        x.dtype(),
        x.extent(0),
        x.extent(1),
        window.vertical().outputExtent(x.extent(2), rounding),
        window.horizontal().outputExtent(x.extent(3), rounding));
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

  /** A window that lies in the padding alone would have no value. */
  private static void padding(WindowAxis axis) {
    if (Math.max(axis.padBefore(), axis.padAfter()) >= axis.span()) {
      throw EngineException.user(
          "padding %d,%d must be smaller than the window of %d elements"
              .formatted(axis.padBefore(), axis.padAfter(), axis.span()));
    }
  }
}
