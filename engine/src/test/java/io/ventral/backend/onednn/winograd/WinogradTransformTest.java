package io.ventral.backend.onednn.winograd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The transformations against the sums that they save. */
class WinogradTransformTest {
  private static final float TOLERANCE = 2e-5f;

  /** Whole numbers, another one in each array and at each element. */
  private static float[][] numbers(int edge, int seed) {
    float[][] arrays = new float[edge * edge][2];
    for (int i = 0; i < arrays.length; i++) {
      arrays[i][0] = (i * 7 + seed) % 11 - 5;
      arrays[i][1] = (i * 5 + seed) % 13 - 6;
    }
    return arrays;
  }

  private static float[][] apply(WinogradTransform transform, float[][] squares) {
    float[][] between = new float[transform.out() * transform.in()][2];
    float[][] results = new float[transform.out() * transform.out()][2];
    transform.apply(squares, between, results, 2);
    return results;
  }

  private static float[][] multiplied(float[][] a, float[][] b) {
    float[][] products = new float[a.length][2];
    for (int i = 0; i < a.length; i++) {
      products[i][0] = a[i][0] * b[i][0];
      products[i][1] = a[i][1] * b[i][1];
    }
    return products;
  }

  /** Compares with y[i, j] = Σ d[i + r, j + s] · g[r, s]. */
  private static void assertCorrelation(float[][] d, float[][] g, int edge, float[][] y) {
    int results = 6 - edge + 1;
    for (int k = 0; k < 2; k++) {
      for (int at = 0; at < results * results; at++) {
        double sum = 0;
        double magnitude = 0;
        for (int tap = 0; tap < edge * edge; tap++) {
          int pixel = (at / results + tap / edge) * 6 + at % results + tap % edge;
          sum += d[pixel][k] * g[tap][k];
          magnitude += Math.abs(d[pixel][k] * g[tap][k]);
        }
        assertEquals(sum, y[at][k], TOLERANCE * magnitude);
      }
    }
  }

  @Test
  void multiplyingAtThePointsIsCorrelation() {
    float[][] patch = numbers(6, 1);
    float[][] filter = numbers(3, 2);
    float[][] products =
        multiplied(apply(WinogradTransform.PATCH, patch), apply(WinogradTransform.FILTER, filter));
    assertCorrelation(patch, filter, 3, apply(WinogradTransform.RESULT, products));
  }

  @Test
  void multiplyingTilesAtThePointsGivesTheFiltersGradient() {
    float[][] patch = numbers(6, 3);
    float[][] tile = numbers(4, 4);
    float[][] products =
        multiplied(apply(WinogradTransform.PATCH, patch), apply(WinogradTransform.TILE, tile));
    assertCorrelation(patch, tile, 4, apply(WinogradTransform.FILTER_GRADIENT, products));
  }
}
