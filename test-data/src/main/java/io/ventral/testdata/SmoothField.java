package io.ventral.testdata;

/**
 * A random function on the picture that changes slowly, after Simard, Steinkraus and Platt (2003):
 * uniform noise on the pixels, smoothed by a Gaussian and scaled. Two of them displace a digit as a
 * careless hand does; a third varies the pen's pressure.
 */
final class SmoothField {
  /** Pixels beyond the picture's edge, so that smoothing does not weaken the field near it. */
  private static final int MARGIN = 12;

  private static final int SIDE = DigitsGenerator.SIDE + 2 * MARGIN;

  private final double[] values = new double[SIDE * SIDE];

  /** A field smoothed over {@code sigma} pixels whose values have deviation {@code amplitude}. */
  SmoothField(double sigma, double amplitude, SplitMix64 random) {
    double[] noise = new double[SIDE * SIDE];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = random.between(-1, 1);
    }
    double[] kernel = gaussian(sigma);
    double[] rows = new double[SIDE * SIDE];
    smooth(noise, rows, kernel, 1, SIDE);
    smooth(rows, values, kernel, SIDE, 1);
    double power = 0;
    for (double k : kernel) {
      power += k * k;
    }
    // Noise in [-1, 1) has variance 1/3, and each of the two passes multiplies it by `power`.
    double scale = amplitude * StrictMath.sqrt(3) / power;
    for (int i = 0; i < values.length; i++) {
      values[i] *= scale;
    }
  }

  private static double[] gaussian(double sigma) {
    double[] kernel = new double[2 * MARGIN + 1];
    for (int i = 0; i < kernel.length; i++) {
      double distance = (i - MARGIN) / sigma;
      kernel[i] = StrictMath.exp(-distance * distance / 2);
    }
    return kernel;
  }

  private static void smooth(double[] in, double[] out, double[] kernel, int step, int lineStep) {
    for (int line = 0; line < SIDE; line++) {
      for (int i = 0; i < SIDE; i++) {
        double sum = 0;
        for (int k = -MARGIN; k <= MARGIN; k++) {
          if (i + k >= 0 && i + k < SIDE) {
            sum += kernel[k + MARGIN] * in[line * lineStep + (i + k) * step];
          }
        }
        out[line * lineStep + i * step] = sum;
      }
    }
  }

  /** The field's value at a place in pixels, between the pixels by bilinear interpolation. */
  double at(Point p) {
    double x = StrictMath.clamp(p.x() + MARGIN, 0, SIDE - 1.001);
    double y = StrictMath.clamp(p.y() + MARGIN, 0, SIDE - 1.001);
    int left = (int) x;
    int top = (int) y;
    double right = x - left;
    double down = y - top;
    int i = top * SIDE + left;
    double above = values[i] * (1 - right) + values[i + 1] * right;
    double below = values[i + SIDE] * (1 - right) + values[i + SIDE + 1] * right;
    return above * (1 - down) + below * down;
  }
}
