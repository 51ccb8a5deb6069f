package io.ventral.testdata;

/** A place: in percent of the digit's square before {@link Warp}, in pixels after it. */
record Point(double x, double y) {

  /** This point moved by (dx, dy). */
  Point plus(double dx, double dy) {
    return new Point(x + dx, y + dy);
  }

  /** The vector from another point to this one, times a factor. */
  Point from(Point other, double factor) {
    return new Point((x - other.x) * factor, (y - other.y) * factor);
  }
}
