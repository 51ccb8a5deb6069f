package io.ventral.data;

/** The interpolation of a {@link Resize}: its weight by distance, in source pixels. */
public enum Filter {
  BILINEAR(1),
  /** Keys' cubic convolution with a = −0.5. */
  BICUBIC(2);

  private final double support;

  Filter(double support) {
    this.support = support;
  }

  /** Returns the distance beyond which the weight is 0. */
  double support() {
    return support;
  }

  double weight(double distance) {
    double x = Math.abs(distance);
    return switch (this) {
      case BILINEAR -> x < 1 ? 1 - x : 0;
      case BICUBIC -> x < 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? cubicTail(x) : 0;
    };
  }

  private static double cubicTail(double x) {
    return (((x - 5) * x + 8) * x - 4) * -0.5;
  }
}
