package io.ventral.backend.reference;

import io.ventral.op.Conv2d;
import io.ventral.op.Conv2dGradFilter;
import io.ventral.op.Conv2dGradInput;
import io.ventral.tensor.Window2d;
import io.ventral.tensor.WindowAxis;
import java.util.Arrays;

/**
 * Convolution and its two gradients: the products x[n,c,h,v] · w[o,c,r,s] · y[n,o,p,q] of one set
 * of indices, summed into one of the three operands. Tap (r, s) of window (p, q) meets input
 * position (h, v); taps in the padding add nothing. The innermost loop follows memory, along
 * channels and taps.
 *
 * @param x input [N,C,H,W], or its gradient
 * @param w filters [O,C/groups,kh,kw], or their gradient
 * @param y output [N,O,H',W'], or its gradient
 */
record Convolution(Window2d window, int groups, Elements x, Elements w, Elements y) {

  static Convolution of(Conv2d op, Elements x, Elements w, Elements y) {
    return new Convolution(op.window(), op.groups(), x, w, y);
  }

  static Convolution of(Conv2dGradInput op, Elements w, Elements dy, Elements dx) {
    return new Convolution(op.window(), op.groups(), dx, w, dy);
  }

  static Convolution of(Conv2dGradFilter op, Elements x, Elements dy, Elements dw) {
    return new Convolution(op.window(), op.groups(), x, dw, dy);
  }

  /** y[n,o,p,q] = Σ x[n,c,h,v] · w[o,c,r,s]. */
  void forward(ParallelLoop parallel) {
    int rows = y.extent(2);
    int outputs = y.extent(1);
    long work = (long) y.extent(3) * w.count();
    parallel.forEach(
        y.extent(0) * rows,
        work,
        row -> {
          for (int q = 0; q < y.extent(3); q++) {
            for (int o = 0; o < outputs; o++) {
              y.data()[y.at(row / rows, o, row % rows, q)] = dot(row / rows, o, row % rows, q);
            }
          }
        });
  }

  /** The sum of one output: over the taps of its window and the channels of its group. */
  private double dot(int n, int o, int p, int q) {
    double[] xs = x.data();
    double[] ws = w.data();
    WindowAxis vertical = window.vertical();
    WindowAxis horizontal = window.horizontal();
    int step = horizontal.dilation() * x.extent(1);
    int firstTap = horizontal.firstTap(q);
    int taps = horizontal.endTap(q, x.extent(3)) - firstTap;
    int length = runLength(taps);
    double sum = 0;
    for (int r = vertical.firstTap(p); r < vertical.endTap(p, x.extent(2)); r++) {
      int xAt = x.at(n, firstChannel(o), vertical.position(p, r), horizontal.position(q, firstTap));
      int wAt = w.at(o, 0, r, firstTap);
      int wEnd = wAt + taps * w.extent(1);
      for (; wAt < wEnd; wAt += length, xAt += step) {
        for (int i = 0; i < length; i++) {
          sum += xs[xAt + i] * ws[wAt + i];
        }
      }
    }
    return sum;
  }

  /** dx[n,c,h,v] = Σ dy[n,o,p,q] · w[o,c,r,s]: each sample of dy scattered into that of dx. */
  void gradInput(ParallelLoop parallel) {
    int perSample = x.count() / x.extent(0);
    long work = (long) y.count() / y.extent(0) * w.count() / w.extent(0);
    parallel.forEach(
        x.extent(0),
        work,
        n -> {
          int begin = x.offset() + n * perSample;
          Arrays.fill(x.data(), begin, begin + perSample, 0);
          for (int p = 0; p < y.extent(2); p++) {
            for (int q = 0; q < y.extent(3); q++) {
              for (int o = 0; o < y.extent(1); o++) {
                accumulate(n, o, p, q, true);
              }
            }
          }
        });
  }

  /** dw[o,c,r,s] = Σ dy[n,o,p,q] · x[n,c,h,v], one filter at a time. */
  void gradFilter(ParallelLoop parallel) {
    int perFilter = w.count() / w.extent(0);
    long work = (long) y.count() / y.extent(1) * perFilter;
    parallel.forEach(
        w.extent(0),
        work,
        o -> {
          int begin = w.offset() + o * perFilter;
          Arrays.fill(w.data(), begin, begin + perFilter, 0);
          for (int n = 0; n < y.extent(0); n++) {
            for (int p = 0; p < y.extent(2); p++) {
              for (int q = 0; q < y.extent(3); q++) {
                accumulate(n, o, p, q, false);
              }
            }
          }
        });
  }

  /** Adds what one dy contributes through its window: to dx where {@code intoInput}, else to dw. */
  private void accumulate(int n, int o, int p, int q, boolean intoInput) {
    double[] xs = x.data();
    double[] ws = w.data();
    WindowAxis vertical = window.vertical();
    WindowAxis horizontal = window.horizontal();
    int step = horizontal.dilation() * x.extent(1);
    int firstTap = horizontal.firstTap(q);
    int taps = horizontal.endTap(q, x.extent(3)) - firstTap;
    int length = runLength(taps);
    double dy = y.data()[y.at(n, o, p, q)];
    for (int r = vertical.firstTap(p); r < vertical.endTap(p, x.extent(2)); r++) {
      int xAt = x.at(n, firstChannel(o), vertical.position(p, r), horizontal.position(q, firstTap));
      int wAt = w.at(o, 0, r, firstTap);
      int wEnd = wAt + taps * w.extent(1);
      for (; wAt < wEnd; wAt += length, xAt += step) {
        if (intoInput) {
          addProduct(xs, xAt, ws, wAt, dy, length);
        } else {
          addProduct(ws, wAt, xs, xAt, dy, length);
        }
      }
    }
  }

  private static void addProduct(
      double[] to, int toAt, double[] from, int fromAt, double factor, int count) {
    for (int i = 0; i < count; i++) {
      to[toAt + i] += factor * from[fromAt + i];
    }
  }

  /**
   * The elements of a row of taps that are neighbours in both x and w: the channels of one tap, or
   * with one group and no dilation those of all taps.
   */
  private int runLength(int taps) {
    boolean joined = groups == 1 && window.horizontal().dilation() == 1;
    return joined ? taps * w.extent(1) : w.extent(1);
  }

  /** The first channel of the input group that filter {@code o} sees. */
  private int firstChannel(int o) {
    return o / (w.extent(0) / groups) * w.extent(1);
  }
}
