package io.ventral.backend.onednn.update;

import io.ventral.op.AdamStep;

/** m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; w ← w − rate·m̂ / (√v̂ + epsilon). */
final class AdamRule implements UpdateRule {
  private final AdamStep step;
  private double meanCorrection;
  private double squareCorrection;

  AdamRule(AdamStep step) {
    this.step = step;
  }

  @Override
  public void begin(long number) {
    meanCorrection = 1 - Math.pow(step.beta1(), (double) number);
    squareCorrection = 1 - Math.pow(step.beta2(), (double) number);
  }

  @Override
  public void update(float[][] x, int count, double rate, double decay) {
    boolean decoupled = step.decoupledDecay();
    decay(x[0], x[3], count, (float) (decoupled ? 0 : decay));
    moments(x[1], x[2], x[3], count, step.beta1(), step.beta2());
    float shrink = (float) (decoupled ? 1 - rate * decay : 1);
    float scale = (float) (1 / Math.sqrt(squareCorrection));
    float pace = (float) (rate / meanCorrection);
    update(x[0], x[1], x[2], count, shrink, pace, scale, (float) step.epsilon());
  }

  private static void decay(float[] w, float[] g, int count, float decay) {
    for (int i = 0; i < count; i++) {
      g[i] += decay * w[i];
    }
  }

  private static void moments(
      float[] m, float[] v, float[] g, int count, double beta1, double beta2) {
    float keepMean = (float) beta1;
    float addMean = (float) (1 - beta1);
    float keepSquare = (float) beta2;
    float addSquare = (float) (1 - beta2);
    for (int i = 0; i < count; i++) {
      m[i] = keepMean * m[i] + addMean * g[i];
      v[i] = keepSquare * v[i] + addSquare * g[i] * g[i];
    }
  }

  private static void update(
      float[] w,
      float[] m,
      float[] v,
      int count,
      float shrink,
      float pace,
      float scale,
      float epsilon) {
    for (int i = 0; i < count; i++) {
      float deviation = (float) Math.sqrt(v[i]) * scale + epsilon;
      w[i] = w[i] * shrink - pace * m[i] / deviation;
    }
  }
}
