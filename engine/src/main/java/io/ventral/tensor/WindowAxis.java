package io.ventral.tensor;

import io.ventral.error.EngineException;

/**
 * A window sliding along one axis, in elements.
 *
 * @param kernel taps of the window
 * @param stride distance between two windows
 * @param padBefore virtual elements in front of the axis
 * @param padAfter virtual elements behind the axis
 * @param dilation distance between two taps
 */
public record WindowAxis(int kernel, int stride, int padBefore, int padAfter, int dilation) {
  public WindowAxis {
    if (kernel < 1 || stride < 1 || dilation < 1 || padBefore < 0 || padAfter < 0) {
      throw EngineException.user(
          ("window kernel %d stride %d pad %d,%d dilation %d: kernel, stride and dilation must be"
                  + " at least 1, padding at least 0")
              .formatted(kernel, stride, padBefore, padAfter, dilation));
    }
  }

  /** Returns the elements from the first tap to the last, both included. */
  public int span() {
    return dilation * (kernel - 1) + 1;
  }

  /**
   * Returns the number of windows over {@code in} elements: 1 + (in + pads − span) / stride,
   * rounded as asked. Rounded up, the last window still starts inside the input or the padding
   * before it, as in Caffe and PyTorch.
   *
   * @throws EngineException USER if the window never fits
   */
  public int outputExtent(int in, Rounding rounding) {
    int room = in + padBefore + padAfter - span();
    if (room < 0) {
      throw EngineException.user(
          "a window of %d elements does not fit into %d with padding %d,%d"
              .formatted(span(), in, padBefore, padAfter));
    }
    return switch (rounding) {
      case FLOOR -> room / stride + 1;
      case CEIL -> {
        int out = (room + stride - 1) / stride + 1;
        yield (out - 1) * stride >= in + padBefore ? out - 1 : out;
      }
    };
  }

  /**
   * Returns the input position of tap {@code tap} of window {@code out}; it may lie in the padding.
   */
  public int position(int out, int tap) {
    return out * stride - padBefore + tap * dilation;
  }

  /** Returns the first tap of window {@code out} that lies behind the padding in front. */
  public int firstTap(int out) {
    return Math.max(0, Math.ceilDiv(-position(out, 0), dilation));
  }

  /**
   * Returns the tap after the last of window {@code out} that lies in an axis of {@code in}
   * elements; not above {@link #firstTap} if all taps lie in the padding.
   */
  public int endTap(int out, int in) {
    return Math.min(kernel, Math.ceilDiv(in - position(out, 0), dilation));
  }
}
