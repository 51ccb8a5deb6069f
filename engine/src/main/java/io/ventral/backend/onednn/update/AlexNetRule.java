package io.ventral.backend.onednn.update;

/** v ← momentum·v − decay·rate·w − rate·g; w ← w + v. */
record AlexNetRule(float momentum) implements UpdateRule {
  @Override
  public void update(float[][] x, int count, double rate, double decay) {
    update(x[0], x[1], x[2], count, momentum, (float) rate, (float) (decay * rate));
  }

  private static void update(
      float[] w, float[] v, float[] g, int count, float momentum, float rate, float shrink) {
    for (int i = 0; i < count; i++) {
      float velocity = momentum * v[i] - shrink * w[i] - rate * g[i];
      v[i] = velocity;
      w[i] += velocity;
    }
  }
}
