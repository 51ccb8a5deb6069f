package io.ventral.testdata;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One movement of the pen: knots that a smooth curve runs through, some of them sharp corners. */
record Stroke(List<Knot> knots) {
  /** Fine enough that a piece is about a pixel long, so that corners of the polyline vanish. */
  private static final int PIECES = 6;

  /** A point of a stroke; at a corner the curve's direction may change at once. */
  record Knot(Point at, boolean corner) {}

  /** The stroke written as in {@link Glyphs}. */
  static Stroke parse(String text) {
    return new Stroke(Arrays.stream(text.split(", ")).map(Stroke::parseKnot).toList());
  }

  private static Knot parseKnot(String text) {
    boolean corner = text.endsWith("!");
    String[] xy = (corner ? text.substring(0, text.length() - 1) : text).split(" ", -1);
    return new Knot(new Point(Integer.parseInt(xy[0]), Integer.parseInt(xy[1])), corner);
  }

  /** This stroke as another hand would write it: every knot off by normal noise. */
  Stroke jittered(double deviation, SplitMix64 random) {
    List<Knot> moved = new ArrayList<>();
    for (Knot k : knots) {
      double dx = deviation * random.normal();
      double dy = deviation * random.normal();
      moved.add(new Knot(k.at.plus(dx, dy), k.corner));
    }
    return new Stroke(moved);
  }

  /**
   * The points along the curve: a Catmull-Rom spline, which passes through its knots, so that a
   * glyph can be drawn by saying where the pen goes.
   */
  List<Point> curve() {
    List<Point> points = new ArrayList<>();
    points.add(knots.getFirst().at);
    for (int i = 0; i + 1 < knots.size(); i++) {
      Point from = knots.get(i).at;
      Point to = knots.get(i + 1).at;
      Point leaving = tangent(i, from, to);
      Point arriving = tangent(i + 1, from, to);
      for (int piece = 1; piece <= PIECES; piece++) {
        points.add(hermite(from, leaving, to, arriving, piece / (double) PIECES));
      }
    }
    return points;
  }

  /** The curve's derivative at a knot; at a corner or an end, that of the piece in hand alone. */
  private Point tangent(int i, Point from, Point to) {
    boolean oneSided = i == 0 || i == knots.size() - 1 || knots.get(i).corner;
    return oneSided ? to.from(from, 1) : knots.get(i + 1).at.from(knots.get(i - 1).at, 0.5);
  }

  private static Point hermite(Point a, Point da, Point b, Point db, double t) {
    double atB = t * t * (3 - 2 * t);
    double atA = 1 - atB;
    double slopeA = t * (1 - t) * (1 - t);
    double slopeB = -t * t * (1 - t);
    return new Point(
        atA * a.x() + atB * b.x() + slopeA * da.x() + slopeB * db.x(),
        atA * a.y() + atB * b.y() + slopeA * da.y() + slopeB * db.y());
  }
}
