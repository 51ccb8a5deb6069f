package io.ventral.testdata;

/**
 * Where a digit's square lands on the picture: an affine map, then an elastic one. The strokes are
 * warped before they are drawn, not the drawn picture, so that lines stay crisp and evenly wide.
 */
final class Warp {
  /** Pixels of a digit's height: as in MNIST, 20 of 28, which leaves a margin for the rest. */
  private static final double SIZE = 20;

  private final double xx;
  private final double xy;
  private final double yx;
  private final double yy;
  private final double shiftX;
  private final double shiftY;
  private final SmoothField elasticX;
  private final SmoothField elasticY;

  /** A warp of its own for each picture. */
  Warp(SplitMix64 random) {
    double angle = random.between(-15, 15) * StrictMath.PI / 180;
    double slant = random.between(-0.15, 0.15);
    double width = SIZE / 100 * random.between(0.8, 1);
    double height = SIZE / 100 * random.between(0.9, 1.05);
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    xx = cos * width;
    xy = (-sin - slant * cos) * height;
    yx = sin * width;
    yy = (cos - slant * sin) * height;
    double centre = (DigitsGenerator.SIDE - 1) / 2.0;
    shiftX = centre + random.between(-1.3, 1.3);
    shiftY = centre + random.between(-1.3, 1.3);
    double sigma = random.between(3.5, 6);
    double amplitude = random.between(0.2, 0.5);
    elasticX = new SmoothField(sigma, amplitude, random);
    elasticY = new SmoothField(sigma, amplitude, random);
  }

  /** The place in pixels of a place given in percent of the digit's square. */
  Point apply(Point p) {
    double x = p.x() - 50;
    double y = p.y() - 50;
    Point affine = new Point(xx * x + xy * y + shiftX, yx * x + yy * y + shiftY);
    return affine.plus(elasticX.at(affine), elasticY.at(affine));
  }
}
