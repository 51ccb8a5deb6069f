package io.ventral.backend.onednn.update;

import io.ventral.op.RmsPropStep;

/**
 * g ← g + decay·w; s ← alpha·s + (1 − alpha)·g²; b ← momentum·b + g/(√s + epsilon); w ← w − rate·b.
 */
record RmsPropRule(RmsPropStep step) implements UpdateRule {
  @Override
  public void update(float[][] x, int count, double rate, double decay) {
    squares(x[0], x[1], x[3], count, step.alpha(), (float) decay);
    update(x, count, (float) step.momentum(), (float) step.epsilon(), (float) rate);
  }

  private static void squares(
      float[] w, float[] s, float[] g, int count, double alpha, float decay) {
    float keep = (float) alpha;
    float add = (float) (1 - alpha);
    for (int i = 0; i < count; i++) {
      float gradient = g[i] + decay * w[i];
      g[i] = gradient;
      s[i] = keep * s[i] + add * gradient * gradient;
    }
  }

  private static void update(float[][] x, int count, float momentum, float epsilon, float rate) {
    float[] w = x[0];
    float[] s = x[1];
    float[] b = x[2];
    float[] g = x[3];
    for (int i = 0; i < count; i++) {
      float velocity = momentum * b[i] + g[i] / ((float) Math.sqrt(s[i]) + epsilon);
      b[i] = velocity;
      w[i] -= rate * velocity;
    }
  }
}
