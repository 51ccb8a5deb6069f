package io.ventral.backend.onednn.update;

/** w ← w − rate·(g + decay·w). */
record PlainSgdRule() implements UpdateRule {
  @Override
  public void update(float[][] x, int count, double rate, double decay) {
    update(x[0], x[1], count, (float) rate, (float) decay);
  }

  private static void update(float[] w, float[] g, int count, float rate, float decay) {
    for (int i = 0; i < count; i++) {
      w[i] -= rate * (g[i] + decay * w[i]);
    }
  }
}
