package io.ventral.backend.reference;

import java.util.List;
import java.util.function.DoubleBinaryOperator;

/**
 * Losses that are the mean over a sample of a function of x and target t, both [N,…]; and
 * gradients.
 */
final class MeanLoss {
  private MeanLoss() {}

  /**
   * max(x, 0) − x·t + log(1 + e^−|x|), which is −t·log σ(x) − (1 − t)·log(1 − σ(x)) made stable.
   */
  static double sigmoidCrossEntropy(double x, double t) {
    return Math.max(x, 0) - x * t + Math.log1p(Math.exp(-Math.abs(x)));
  }

  /** σ(x) − t. */
  static double sigmoidCrossEntropySlope(double x, double t) {
    return Activation.sigmoid(x) - t;
  }

  /** (x − t)². */
  static double squaredError(double x, double t) {
    return (x - t) * (x - t);
  }

  /** 2·(x − t). */
  static double squaredErrorSlope(double x, double t) {
    return 2 * (x - t);
  }

  /** loss[n] = Σ f(x, t) / elements of a sample; operands are x and t. */
  static void forward(
      DoubleBinaryOperator f, List<Elements> in, Elements losses, ParallelLoop parallel) {
    Elements x = in.get(0);
    Elements t = in.get(1);
    int perSample = x.count() / x.extent(0);
    parallel.forEach(
        x.extent(0),
        perSample,
        n -> {
          double sum = 0;
          for (int i = n * perSample; i < (n + 1) * perSample; i++) {
            sum += f.applyAsDouble(x.get(i), t.get(i));
          }
          losses.set(n, sum / perSample);
        });
  }

  /** dx = dloss[n] · slope(x, t) / elements of a sample; operands are x, t and dloss. */
  static void grad(
      DoubleBinaryOperator slope, List<Elements> in, Elements dx, ParallelLoop parallel) {
    Elements x = in.get(0);
    Elements t = in.get(1);
    Elements dlosses = in.get(2);
    int perSample = dx.count() / dx.extent(0);
    parallel.forEach(
        dx.extent(0),
        perSample,
        n -> {
          double dloss = dlosses.get(n);
          for (int i = n * perSample; i < (n + 1) * perSample; i++) {
            dx.set(i, dloss * slope.applyAsDouble(x.get(i), t.get(i)) / perSample);
          }
        });
  }
}
