package io.ventral.backend.cuda;

import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.tensor.WindowAxis;
import java.util.List;

/**
 * One convolution.
 *
 * @param x input, whether it is given or, as a gradient, computed; so filter and y
 * @param widened whether the operands are FLOAT32 of 16 bits' precision, which TF32 does not round
 */
record Convolution(
    Window2d window, int groups, TensorType x, TensorType filter, TensorType y, boolean widened) {
  Convolution {
    Format.require(x.dtype());
  }

  Convolution(Window2d window, int groups, TensorType x, TensorType filter, TensorType y) {
    this(window, groups, x, filter, y, false);
  }

  /** Returns the same of FLOAT32, into which numbers of 16 bits are widened. */
  Convolution wide() {
    return new Convolution(
        window,
        groups,
        x.with(DType.FLOAT32),
        filter.with(DType.FLOAT32),
        y.with(DType.FLOAT32),
        true);
  }

  /** Returns whether the window covers the whole input: a dense layer. */
  boolean isDense() {
    return groups == 1 && window.covers(x.extent(2), x.extent(3));
  }

  int samples() {
    return x.extent(0);
  }

  /** Returns the elements that a dense layer reads of a sample. */
  int inputs() {
    return Math.toIntExact(x.shape().elementsPerSample());
  }

  /** Returns the filters. */
  int outputs() {
    return y.extent(1);
  }

  /** Returns the zeros in front of each axis of x. */
  List<Integer> before() {
    return List.of(0, 0, window.vertical().padBefore(), window.horizontal().padBefore());
  }

  /**
   * Returns the same convolution with the same padding on both sides of an axis, less than a
   * window, as cuDNN asks; where that is not so, of an x that is padded already.
   */
  Convolution evenlyPadded() {
    if (isEven(window.vertical()) && isEven(window.horizontal())) {
      return this;
    }
    TensorType padded =
        TensorType.of(
            x.dtype(),
            x.extent(0),
            x.extent(1),
            length(window.vertical(), x.extent(2)),
            length(window.horizontal(), x.extent(3)));
    Window2d bare = new Window2d(bare(window.vertical()), bare(window.horizontal()));
    return new Convolution(bare, groups, padded, filter, y, widened);
  }

  private static boolean isEven(WindowAxis axis) {
    return axis.padBefore() == axis.padAfter() && axis.padBefore() < axis.span();
  }

  private static int length(WindowAxis axis, int in) {
    return axis.padBefore() + in + axis.padAfter();
  }

  private static WindowAxis bare(WindowAxis axis) {
    return new WindowAxis(axis.kernel(), axis.stride(), 0, 0, axis.dilation());
  }

  @Override
  public String toString() {
    return "%s groups %d x %s filter %s y %s%s"
        .formatted(window, groups, x, filter, y, widened ? " widened" : "");
  }
}
