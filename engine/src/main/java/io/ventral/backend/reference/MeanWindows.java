package io.ventral.backend.reference;

import io.ventral.op.AdaptiveAvgPool;
import io.ventral.op.AvgPool;
import io.ventral.tensor.WindowAxis;

/**
 * The windows of a mean along one axis: window i covers the input positions {@code begin[i]} up to
 * {@code end[i]}, not included, and counts as {@code divisor[i]} positions.
 */
record MeanWindows(int[] begin, int[] end, int[] divisor) {

  /** Returns the windows of average pooling, which may count padding. */
  static MeanWindows of(AvgPool pool, WindowAxis axis, int in, int out) {
    MeanWindows windows = new MeanWindows(new int[out], new int[out], new int[out]);
    for (int i = 0; i < out; i++) {
      int first = axis.position(i, 0);
      windows.begin[i] = Math.max(0, first);
      windows.end[i] = Math.min(in, first + axis.kernel());
      windows.divisor[i] = pool.divisor(axis, i, in);
    }
    return windows;
  }

  /** Returns the windows of adaptive pooling, which share the axis out. */
  static MeanWindows adaptive(int in, int out) {
    MeanWindows windows = new MeanWindows(new int[out], new int[out], new int[out]);
    for (int i = 0; i < out; i++) {
      windows.begin[i] = AdaptiveAvgPool.begin(i, in, out);
      windows.end[i] = AdaptiveAvgPool.end(i, in, out);
      windows.divisor[i] = windows.end[i] - windows.begin[i];
    }
    return windows;
  }
}
