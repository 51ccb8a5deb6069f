package io.ventral.backend.reference;

import io.ventral.op.SoftmaxCrossEntropy;
import java.util.List;

/**
 * Cross-entropy of softmax(x [N,K]) against labels [N], one loss a sample, with p = softmax(x). A
 * label that is no class gives NaN.
 *
 * @param labels classes, as doubles
 */
record SoftmaxLoss(SoftmaxCrossEntropy op, Elements x, Elements labels) {

  /** Returns the loss of operands that begin with scores and labels. */
  static SoftmaxLoss of(SoftmaxCrossEntropy op, List<Elements> in) {
    return new SoftmaxLoss(op, in.get(0), in.get(1));
  }

  /** loss[n] = −Σ t[k]·log p[k]. */
  void forward(Elements losses, ParallelLoop parallel) {
    parallel.forEach(
        x.extent(0),
        classes(),
        n -> {
          double logSum = logSum(n);
          double loss = isClass(n) ? 0 : Double.NaN;
          for (int k = 0; k < classes(); k++) {
            double target = target(n, k);
            // 0·log 0 is 0 in an entropy.
            loss += target == 0 ? 0 : target * (logSum - x.get(n * classes() + k));
          }
          losses.set(n, loss);
        });
  }

  /** dx[n,k] = dloss[n]·(p[k] − t[k]). */
  void grad(Elements dlosses, Elements dx, ParallelLoop parallel) {
    parallel.forEach(
        x.extent(0),
        classes(),
        n -> {
          double logSum = logSum(n);
          double dloss = isClass(n) ? dlosses.get(n) : Double.NaN;
          for (int k = 0; k < classes(); k++) {
            double probability = Math.exp(x.get(n * classes() + k) - logSum);
            dx.set(n * classes() + k, dloss * (probability - target(n, k)));
          }
        });
  }

  private int classes() {
    return x.extent(1);
  }

  private boolean isClass(int n) {
    return labels.get(n) >= 0 && labels.get(n) < classes();
  }

  private double target(int n, int k) {
    double smoothing = op.labelSmoothing();
    return (k == labels.get(n) ? 1 - smoothing : 0) + smoothing / classes();
  }

  /** log Σ e^x[k], shifted by the maximum so that no power overflows. */
  private double logSum(int n) {
    int row = n * classes();
    double max = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < classes(); k++) {
      max = Math.max(max, x.get(row + k));
    }
    double sum = 0;
    for (int k = 0; k < classes(); k++) {
      sum += Math.exp(x.get(row + k) - max);
    }
    return max + Math.log(sum);
  }
}
