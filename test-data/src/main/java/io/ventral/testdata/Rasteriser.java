package io.ventral.testdata;

import java.util.List;

/** Ink on the picture: how much of each pixel a round pen covers on its way along a polyline. */
final class Rasteriser {
  private static final int SIDE = DigitsGenerator.SIDE;

  /** The width of an edge in pixels: a little soft, as a scanner leaves it. */
  private static final double EDGE = 1.3;

  private final double[] coverage = new double[SIDE * SIDE];

  /** A place on the pen's way and the radius of the line there, both in pixels. */
  record Dab(Point at, double radius) {}

  /** Draws the line through the dabs; where lines cross, the ink does not add up. */
  void draw(List<Dab> dabs) {
    for (int i = 0; i + 1 < dabs.size(); i++) {
      for (int pixel = 0; pixel < coverage.length; pixel++) {
        double outside =
            distance(pixel % SIDE, Math.floorDiv(pixel, SIDE), dabs.get(i), dabs.get(i + 1));
        double covered = StrictMath.clamp(0.5 - outside / EDGE, 0, 1);
        coverage[pixel] = StrictMath.max(coverage[pixel], covered);
      }
    }
  }

  /** The distance from a pixel's centre to the edge of a piece of line, negative inside it. */
  private static double distance(double x, double y, Dab from, Dab to) {
    Point a = from.at;
    double dx = to.at.x() - a.x();
    double dy = to.at.y() - a.y();
    double square = dx * dx + dy * dy;
    double along = square == 0 ? 0 : ((x - a.x()) * dx + (y - a.y()) * dy) / square;
    double t = StrictMath.clamp(along, 0, 1);
    double restX = x - a.x() - t * dx;
    double restY = y - a.y() - t * dy;
    double radius = from.radius + t * (to.radius - from.radius);
    return StrictMath.sqrt(restX * restX + restY * restY) - radius;
  }

  /** The pixels, row by row, as grey values: ink at the given brightness, plus normal noise. */
  byte[] grey(double brightness, double noise, SplitMix64 random) {
    byte[] pixels = new byte[coverage.length];
    for (int i = 0; i < pixels.length; i++) {
      double value = 255 * (brightness * coverage[i] + noise * random.normal());
      pixels[i] = (byte) StrictMath.clamp(StrictMath.round(value), 0, 255);
    }
    return pixels;
  }
}
