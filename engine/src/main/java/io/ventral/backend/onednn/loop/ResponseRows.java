package io.ventral.backend.onednn.loop;

import io.ventral.op.LocalResponseNorm;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The arrays in which one thread normalises some positions at once. Position r begins at {@link
 * #row}; zeros in front of it and behind keep windows from reaching another's channels, so that
 * every loop runs straight over all positions and is compiled to vector instructions.
 */
final class ResponseRows {
  private final int channels;
  private final Numbers numbers;
  private final int size;
  private final float k;
  private final float factor;
  private final double beta;
  private final int stride;
  private final int positions;
  private final float[] squares;
  private final float[] sums;

  ResponseRows(LocalResponseNorm op, TensorType x) {
    channels = x.extent(1);
    numbers = new Numbers(x.dtype(), /* threads= */ 1);
    size = op.size();
    k = (float) op.k();
    factor = (float) (op.alpha() / size);
    beta = op.beta();
    stride = channels + size;
    positions = Math.max(1, Tiles.SIZE / stride);
    squares = array();
    sums = array();
  }

  /** Returns an array for all positions, zero between them. */
  float[] array() {
    return new float[positions * stride + size];
  }

  /** Returns how many positions there is room for. */
  int positions() {
    return positions;
  }

  /** Returns where position {@code r} begins. */
  int row(int r) {
    return size + r * stride;
  }

  void read(MemorySegment from, long first, float[] to, int count) {
    for (int r = 0; r < count; r++) {
      numbers.read(0, from, (first + r) * channels, to, row(r), channels);
    }
  }

  void write(float[] from, MemorySegment to, long first, int count) {
    for (int r = 0; r < count; r++) {
      numbers.write(0, from, row(r), to, (first + r) * channels, channels);
    }
  }

  /** Sets d[c] = k + alpha/size · Σ x[j]² over the window around c, from c − ⌊size/2⌋. */
  void denominators(float[] x, float[] d, int count) {
    int end = row(count);
    square(x, squares, end);
    windows(squares, d, size / 2, end);
    scale(d, factor, k, size, end);
  }

  /** Sets sum[c] = Σ x[j] over the size channels from c − {@code before} on. */
  void windows(float[] x, float[] sum, int before, int end) {
    Arrays.fill(sum, size, end, 0);
    for (int j = -before; j < size - before; j++) {
      add(x, j, sum, size, Math.min(end, x.length - j));
    }
  }

  /** Sets y = x · d^−beta. */
  void normalise(float[] x, float[] d, float[] y, int count) {
    int end = row(count);
    if (beta == 0.75) {
      threeQuarters(x, d, y, size, end);
    } else {
      for (int i = size; i < end; i++) {
        y[i] = (float) (x[i] * Math.pow(d[i], -beta));
      }
    }
  }

  /**
   * Sets dx = dy·d^−beta − 2·alpha·beta/size · x · Σ dy[c]·y[c]/d[c] over the windows c around; dy
   * is overwritten.
   */
  void gradient(float[] x, float[] y, float[] dy, float[] d, float[] dx, int count) {
    int end = row(count);
    normalise(dy, d, dx, count);
    divide(dy, y, d, size, end);
    clean(dy, count);
    windows(dy, sums, size - 1 - size / 2, end);
    subtract(dx, (float) (2 * factor * beta), x, sums, size, end);
  }

  /** What a NaN left behind the channels of its position would stay there. */
  private void clean(float[] x, int count) {
    for (int r = 0; r < count; r++) {
      Arrays.fill(x, row(r) + channels, row(r + 1), 0);
    }
  }

  private static void square(float[] x, float[] y, int end) {
    for (int i = 0; i < end; i++) {
      y[i] = x[i] * x[i];
    }
  }

  private static void add(float[] x, int shift, float[] y, int begin, int end) {
    for (int i = begin; i < end; i++) {
      y[i] += x[i + shift];
    }
  }

  private static void scale(float[] x, float factor, float summand, int begin, int end) {
    for (int i = begin; i < end; i++) {
      x[i] = x[i] * factor + summand;
    }
  }

  private static void threeQuarters(float[] x, float[] d, float[] y, int begin, int end) {
    for (int i = begin; i < end; i++) {
      float root = (float) Math.sqrt(d[i]);
      y[i] = x[i] / (root * (float) Math.sqrt(root));
    }
  }

  private static void divide(float[] x, float[] factor, float[] divisor, int begin, int end) {
    for (int i = begin; i < end; i++) {
      x[i] = x[i] * factor[i] / divisor[i];
    }
  }

  private static void subtract(
      float[] y, float scale, float[] x, float[] factor, int begin, int end) {
    for (int i = begin; i < end; i++) {
      y[i] -= scale * x[i] * factor[i];
    }
  }
}
