package io.ventral.backend.reference;

import io.ventral.op.MulticlassHinge;
import java.util.List;

/**
 * Multi-class hinge loss of scores x [N,K] against labels [N], one loss a sample. A label that is
 * no class gives NaN.
 *
 * @param labels classes, as doubles
 */
record HingeLoss(MulticlassHinge op, Elements x, Elements labels) {

  /** Returns the loss of operands that begin with scores and labels. */
  static HingeLoss of(MulticlassHinge op, List<Elements> in) {
    return new HingeLoss(op, in.get(0), in.get(1));
  }

  /** loss[n] = Σ max(0, violation(k)) / K over k ≠ label. */
  void forward(Elements losses, ParallelLoop parallel) {
    parallel.forEach(
        x.extent(0),
        classes(),
        n -> {
          double sum = isClass(n) ? 0 : Double.NaN;
          for (int k = 0; k < classes() && isClass(n); k++) {
            sum += k == labels.get(n) ? 0 : Math.max(0, violation(n, k));
          }
          losses.set(n, sum / classes());
        });
  }

  /** dx[n,k] = dloss[n]/K where k violates the margin; the label gets minus their sum. */
  void grad(Elements dlosses, Elements dx, ParallelLoop parallel) {
    parallel.forEach(
        x.extent(0),
        classes(),
        n -> {
          int row = n * classes();
          if (!isClass(n)) {
            for (int k = 0; k < classes(); k++) {
              dx.set(row + k, Double.NaN);
            }
            return;
          }
          int label = (int) labels.get(n);
          double share = dlosses.get(n) / classes();
          double sum = 0;
          for (int k = 0; k < classes(); k++) {
            double gradient = k != label && violation(n, k) > 0 ? share : 0;
            dx.set(row + k, gradient);
            sum += gradient;
          }
          dx.set(row + label, -sum);
        });
  }

  /** By how much class k comes closer to the label's score than the margin. */
  private double violation(int n, int k) {
    int row = n * classes();
    return op.margin() - x.get(row + (int) labels.get(n)) + x.get(row + k);
  }

  private int classes() {
    return x.extent(1);
  }

  private boolean isClass(int n) {
    return labels.get(n) >= 0 && labels.get(n) < classes();
  }
}
