package io.ventral.backend.reference;

import io.ventral.op.MatMul;
import java.util.Arrays;

/** Matrix product a [M,K] · b [K,N] = y [M,N], either operand transposed in memory. */
final class MatrixProduct {
  private MatrixProduct() {}

  static void run(MatMul op, Elements a, Elements b, Elements y, ParallelLoop parallel) {
    int depth = a.extent(op.transposeA() ? 0 : 1);
    // Element (i, k) of a lies at i·rowStep + k·depthStep.
    int rowStep = op.transposeA() ? 1 : depth;
    int depthStep = op.transposeA() ? y.extent(0) : 1;
    parallel.forEach(
        y.extent(0),
        (long) depth * y.extent(1),
        i -> {
          int aAt = a.offset() + i * rowStep;
          if (op.transposeB()) {
            dotRow(a.data(), aAt, depthStep, depth, b, y, i);
          } else {
            sumRow(a.data(), aAt, depthStep, depth, b, y, i);
          }
        });
  }

  /** y[i,j] = Σ a[i,k] · b[j,k]: both rows of b and the sum run along k. */
  private static void dotRow(
      double[] as, int aAt, int aStep, int depth, Elements b, Elements y, int i) {
    double[] bs = b.data();
    int columns = y.extent(1);
    for (int j = 0; j < columns; j++) {
      int bAt = b.offset() + j * depth;
      double sum = 0;
      for (int k = 0; k < depth; k++) {
        sum += as[aAt + k * aStep] * bs[bAt + k];
      }
      y.set(i * columns + j, sum);
    }
  }

  /** y[i,·] = Σ a[i,k] · b[k,·]: whole rows of b are added up. */
  private static void sumRow(
      double[] as, int aAt, int aStep, int depth, Elements b, Elements y, int i) {
    double[] bs = b.data();
    double[] ys = y.data();
    int columns = y.extent(1);
    int yAt = y.offset() + i * columns;
    Arrays.fill(ys, yAt, yAt + columns, 0);
    for (int k = 0; k < depth; k++) {
      double factor = as[aAt + k * aStep];
      int bAt = b.offset() + k * columns;
      for (int j = 0; j < columns; j++) {
        ys[yAt + j] += factor * bs[bAt + j];
      }
    }
  }
}
