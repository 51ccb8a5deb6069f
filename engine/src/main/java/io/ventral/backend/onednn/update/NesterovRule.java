package io.ventral.backend.onednn.update;

/** g ← g + decay·w; v ← momentum·v + g; w ← w − rate·(g + momentum·v). */
record NesterovRule(float momentum) implements UpdateRule {
  @Override
  public void update(float[][] x, int count, double rate, double decay) {
    update(x[0], x[1], x[2], count, momentum, (float) rate, (float) decay);
  }

  private static void update(
      float[] w, float[] v, float[] g, int count, float momentum, float rate, float decay) {
    for (int i = 0; i < count; i++) {
      float gradient = g[i] + decay * w[i];
      float velocity = momentum * v[i] + gradient;
      v[i] = velocity;
      w[i] -= rate * (gradient + momentum * velocity);
    }
  }
}
