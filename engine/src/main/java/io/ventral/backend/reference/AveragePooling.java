package io.ventral.backend.reference;

import io.ventral.op.AvgPool;
import java.util.Arrays;

/**
 * Mean over windows, sliding or adaptive, and its gradient.
 *
 * @param vertical windows along the height, one a row of y
 * @param horizontal windows along the width, one a column of y
 * @param x input [N,C,H,W], or its gradient
 * @param y output [N,C,H',W'], or its gradient
 */
record AveragePooling(MeanWindows vertical, MeanWindows horizontal, Elements x, Elements y) {

  static AveragePooling sliding(AvgPool pool, Elements x, Elements y) {
    return new AveragePooling(
        MeanWindows.of(pool, pool.window().vertical(), x.extent(2), y.extent(2)),
        MeanWindows.of(pool, pool.window().horizontal(), x.extent(3), y.extent(3)),
        x,
        y);
  }

  static AveragePooling adaptive(Elements x, Elements y) {
    return new AveragePooling(
        MeanWindows.adaptive(x.extent(2), y.extent(2)),
        MeanWindows.adaptive(x.extent(3), y.extent(3)),
        x,
        y);
  }

  /** y[n,c,p,q] = Σ x[n,c,h,v] / divisor(p, q) over window (p, q). */
  void forward(ParallelLoop parallel) {
    parallel.forEach(
        y.extent(0),
        x.count() / x.extent(0),
        n -> {
          clear(y, n);
          for (int p = 0; p < y.extent(2); p++) {
            for (int q = 0; q < y.extent(3); q++) {
              mean(n, p, q);
            }
          }
        });
  }

  private void mean(int n, int p, int q) {
    double[] xs = x.data();
    double[] ys = y.data();
    int channels = x.extent(1);
    int yAt = y.at(n, 0, p, q);
    for (int h = vertical.begin()[p]; h < vertical.end()[p]; h++) {
      for (int v = horizontal.begin()[q]; v < horizontal.end()[q]; v++) {
        int xAt = x.at(n, 0, h, v);
        for (int c = 0; c < channels; c++) {
          ys[yAt + c] += xs[xAt + c];
        }
      }
    }
    double divisor = divisor(p, q);
    for (int c = 0; c < channels; c++) {
      ys[yAt + c] /= divisor;
    }
  }

  /** dx[n,c,h,v] = Σ dy[n,c,p,q] / divisor(p, q) over the windows that cover (h, v). */
  void grad(ParallelLoop parallel) {
    parallel.forEach(
        x.extent(0),
        x.count() / x.extent(0),
        n -> {
          clear(x, n);
          for (int p = 0; p < y.extent(2); p++) {
            for (int q = 0; q < y.extent(3); q++) {
              spread(n, p, q);
            }
          }
        });
  }

  private void spread(int n, int p, int q) {
    double[] xs = x.data();
    double[] ys = y.data();
    int channels = x.extent(1);
    int yAt = y.at(n, 0, p, q);
    double divisor = divisor(p, q);
    for (int h = vertical.begin()[p]; h < vertical.end()[p]; h++) {
      for (int v = horizontal.begin()[q]; v < horizontal.end()[q]; v++) {
        int xAt = x.at(n, 0, h, v);
        for (int c = 0; c < channels; c++) {
          xs[xAt + c] += ys[yAt + c] / divisor;
        }
      }
    }
  }

  private double divisor(int p, int q) {
    return vertical.divisor()[p] * horizontal.divisor()[q];
  }

  private static void clear(Elements elements, int n) {
    int perSample = elements.count() / elements.extent(0);
    int begin = elements.offset() + n * perSample;
    Arrays.fill(elements.data(), begin, begin + perSample, 0);
  }
}
