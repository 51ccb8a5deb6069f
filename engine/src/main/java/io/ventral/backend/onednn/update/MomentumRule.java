package io.ventral.backend.onednn.update;

/** v ← momentum·v + g + decay·w; w ← w − rate·v. */
record MomentumRule(float momentum) implements UpdateRule {
  @Override
  public void update(float[][] x, int count, double rate, double decay) {
    update(x[0], x[1], x[2], count, momentum, (float) rate, (float) decay);
  }

  private static void update(
      float[] w, float[] v, float[] g, int count, float momentum, float rate, float decay) {
    for (int i = 0; i < count; i++) {
      float velocity = momentum * v[i] + (g[i] + decay * w[i]);
      v[i] = velocity;
      w[i] -= rate * velocity;
    }
  }
}
