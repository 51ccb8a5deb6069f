package io.ventral.backend.onednn.winograd;

/**
 * The linear maps of minimal filtering (Winograd 1980; Lavin and Gray, Fast Algorithms for
 * Convolutional Neural Networks, CVPR 2016), each applied to the rows and then the columns of a
 * square. A 3×3 convolution, seen as a product of polynomials in two variables, is evaluated at 6×6
 * points, multiplied there point by point, and interpolated: 36 multiplications for a tile of 4×4
 * results instead of 144.
 *
 * <pre>
 *   y  = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A     F(4×4, 3×3): results from a patch d of 6×6 and a filter g
 *   dg = Cᵀ [ (H e Hᵀ) ⊙ (Bᵀ d B) ] C     F(3×3, 4×4): the filter's gradient from d and a tile e
 * </pre>
 *
 * With the points x = 0, ±a, ±b and infinity, row i of Bᵀ has the coefficients of Π (x − x[j]) over
 * j ≠ i, column i of Aᵀ and of Cᵀ the powers of x[i], row i of G and of H the powers divided by Π
 * (x[i] − x[j]).
 *
 * <p><b>Rounding.</b> a = 5/8 and b = 3/2, whose products are exact in FLOAT32, instead of the
 * usual 1 and 2: small powers on both sides of 1 (Barabasz, Anderson, Soodhalter and Gregg, Error
 * Analysis and Improving the Accuracy of Winograd Convolution for Deep Neural Networks, TOMS 2020).
 * The bound max Σ|A||G||B| on how far rounding errors are amplified falls from 2,300 to 560, and
 * the root mean square error is 1.8 times that of adding up the products in order in F(4×4, 3×3),
 * 1.4 times in F(3×3, 4×4) (measured over 64 channels of normal numbers; 1 and 2 gave 4.0 and 2.9).
 *
 * <p>The rows and columns of a square are arrays of their own, an element of which belongs to one
 * channel of one tile: so the loops have one index and are compiled to vector instructions.
 */
enum WinogradTransform {
  /** Bᵀ d B: a patch of an image to 6×6 points. */
  PATCH(6, 6) {
    @Override
    void line(float[][] in, int from, int step, float[][] out, int to, int stride, int count) {
      patch(
          in[from],
          in[from + step],
          in[from + 2 * step],
          in[from + 3 * step],
          in[from + 4 * step],
          in[from + 5 * step],
          out[to],
          out[to + stride],
          out[to + 2 * stride],
          out[to + 3 * stride],
          out[to + 4 * stride],
          out[to + 5 * stride],
          count);
    }
  },

  /** G g Gᵀ: a filter of 3×3 to 6×6 points. */
  FILTER(3, 6) {
    @Override
    void line(float[][] in, int from, int step, float[][] out, int to, int stride, int count) {
      filter(
          in[from],
          in[from + step],
          in[from + 2 * step],
          out[to],
          out[to + stride],
          out[to + 2 * stride],
          out[to + 3 * stride],
          out[to + 4 * stride],
          out[to + 5 * stride],
          count);
    }
  },

  /** Aᵀ m A: 6×6 points to a tile of 4×4 results. */
  RESULT(6, 4) {
    @Override
    void line(float[][] in, int from, int step, float[][] out, int to, int stride, int count) {
      result(
          in[from],
          in[from + step],
          in[from + 2 * step],
          in[from + 3 * step],
          in[from + 4 * step],
          in[from + 5 * step],
          out[to],
          out[to + stride],
          out[to + 2 * stride],
          out[to + 3 * stride],
          count);
    }
  },

  /** H e Hᵀ: a tile of 4×4 gradients of results to 6×6 points. */
  TILE(4, 6) {
    @Override
    void line(float[][] in, int from, int step, float[][] out, int to, int stride, int count) {
      tile(
          in[from],
          in[from + step],
          in[from + 2 * step],
          in[from + 3 * step],
          out[to],
          out[to + stride],
          out[to + 2 * stride],
          out[to + 3 * stride],
          out[to + 4 * stride],
          out[to + 5 * stride],
          count);
    }
  },

  /** Cᵀ m C: 6×6 points to the gradient of a filter of 3×3. */
  FILTER_GRADIENT(6, 3) {
    @Override
    void line(float[][] in, int from, int step, float[][] out, int to, int stride, int count) {
      filterGradient(
          in[from],
          in[from + step],
          in[from + 2 * step],
          in[from + 3 * step],
          in[from + 4 * step],
          in[from + 5 * step],
          out[to],
          out[to + stride],
          out[to + 2 * stride],
          count);
    }
  };

  /** Points in two dimensions. */
  static final int POINTS = 36;

  /** Length and width of a tile of results. */
  static final int TILE_EDGE = 4;

  /** Elements of an array: with 36 arrays on either side they stay in the second cache at most. */
  static final int BLOCK = 256;

  private static final float A = 0.625f;
  private static final float B = 1.5f;
  private static final float A2 = A * A;
  private static final float B2 = B * B;
  private static final float A3 = A2 * A;
  private static final float B3 = B2 * B;
  private static final float SUM = A2 + B2;
  private static final float PRODUCT = A2 * B2;

  /** One over Π (x[i] − x[j]) at 0, ±a and ±b. */
  private static final float SCALE_0 = 1 / PRODUCT;

  private static final float SCALE_A = 1 / (2 * A2 * (A2 - B2));
  private static final float SCALE_B = 1 / (2 * B2 * (B2 - A2));

  private final int in;
  private final int out;

  WinogradTransform(int in, int out) {
    this.in = in;
    this.out = out;
  }

  /** Returns the length of an edge before. */
  int in() {
    return in;
  }

  /** Returns the length of an edge behind. */
  int out() {
    return out;
  }

  /**
   * Transforms squares.
   *
   * @param squares in()·in() arrays, row by row
   * @param between out()·in() arrays to work in
   * @param results out()·out() arrays
   * @param count how many elements at the front of each array count
   */
  void apply(float[][] squares, float[][] between, float[][] results, int count) {
    for (int column = 0; column < in; column++) {
      line(squares, column, in, between, column, in, count);
    }
    for (int row = 0; row < out; row++) {
      line(between, row * in, 1, results, row * out, 1, count);
    }
  }

  /** Transforms {@code in[from], in[from + step], …} to {@code out[to], out[to + stride], …}. */
  abstract void line(
      float[][] in, int from, int step, float[][] out, int to, int stride, int count);

  private static void patch(
      float[] d0,
      float[] d1,
      float[] d2,
      float[] d3,
      float[] d4,
      float[] d5,
      float[] v0,
      float[] v1,
      float[] v2,
      float[] v3,
      float[] v4,
      float[] v5,
      int count) {
    for (int i = 0; i < count; i++) {
      float x1 = d1[i];
      float x2 = d2[i];
      float x3 = d3[i];
      float x4 = d4[i];
      float evenA = Math.fma(-B2, x2, x4);
      float oddA = A * Math.fma(-B2, x1, x3);
      float evenB = Math.fma(-A2, x2, x4);
      float oddB = B * Math.fma(-A2, x1, x3);
      v0[i] = Math.fma(PRODUCT, d0[i], Math.fma(-SUM, x2, x4));
      v1[i] = evenA + oddA;
      v2[i] = evenA - oddA;
      v3[i] = evenB + oddB;
      v4[i] = evenB - oddB;
      v5[i] = Math.fma(PRODUCT, x1, Math.fma(-SUM, x3, d5[i]));
    }
  }

  private static void filter(
      float[] g0,
      float[] g1,
      float[] g2,
      float[] u0,
      float[] u1,
      float[] u2,
      float[] u3,
      float[] u4,
      float[] u5,
      int count) {
    for (int i = 0; i < count; i++) {
      float first = g0[i];
      float middle = g1[i];
      float last = g2[i];
      float evenA = SCALE_A * Math.fma(A2, last, first);
      float oddA = SCALE_A * A * middle;
      float evenB = SCALE_B * Math.fma(B2, last, first);
      float oddB = SCALE_B * B * middle;
      u0[i] = SCALE_0 * first;
      u1[i] = evenA + oddA;
      u2[i] = evenA - oddA;
      u3[i] = evenB + oddB;
      u4[i] = evenB - oddB;
      u5[i] = last;
    }
  }

  private static void result(
      float[] m0,
      float[] m1,
      float[] m2,
      float[] m3,
      float[] m4,
      float[] m5,
      float[] y0,
      float[] y1,
      float[] y2,
      float[] y3,
      int count) {
    for (int i = 0; i < count; i++) {
      float evenA = m1[i] + m2[i];
      float oddA = m1[i] - m2[i];
      float evenB = m3[i] + m4[i];
      float oddB = m3[i] - m4[i];
      y0[i] = m0[i] + evenA + evenB;
      y1[i] = Math.fma(B, oddB, A * oddA);
      y2[i] = Math.fma(B2, evenB, A2 * evenA);
      y3[i] = Math.fma(B3, oddB, Math.fma(A3, oddA, m5[i]));
    }
  }

  private static void tile(
      float[] e0,
      float[] e1,
      float[] e2,
      float[] e3,
      float[] h0,
      float[] h1,
      float[] h2,
      float[] h3,
      float[] h4,
      float[] h5,
      int count) {
    for (int i = 0; i < count; i++) {
      float x0 = e0[i];
      float x1 = e1[i];
      float x2 = e2[i];
      float x3 = e3[i];
      float evenA = SCALE_A * Math.fma(A2, x2, x0);
      float oddA = SCALE_A * A * Math.fma(A2, x3, x1);
      float evenB = SCALE_B * Math.fma(B2, x2, x0);
      float oddB = SCALE_B * B * Math.fma(B2, x3, x1);
      h0[i] = SCALE_0 * x0;
      h1[i] = evenA + oddA;
      h2[i] = evenA - oddA;
      h3[i] = evenB + oddB;
      h4[i] = evenB - oddB;
      h5[i] = x3;
    }
  }

  private static void filterGradient(
      float[] m0,
      float[] m1,
      float[] m2,
      float[] m3,
      float[] m4,
      float[] m5,
      float[] g0,
      float[] g1,
      float[] g2,
      int count) {
    for (int i = 0; i < count; i++) {
      float evenA = m1[i] + m2[i];
      float oddA = m1[i] - m2[i];
      float evenB = m3[i] + m4[i];
      float oddB = m3[i] - m4[i];
      g0[i] = m0[i] + evenA + evenB;
      g1[i] = Math.fma(B, oddB, A * oddA);
      g2[i] = Math.fma(B2, evenB, Math.fma(A2, evenA, m5[i]));
    }
  }
}
