package io.ventral.check;

import io.ventral.tensor.DType;
import java.util.Locale;
import java.util.Optional;

/**
 * An output against the reference.
 *
 * @param error the worst error in units of tolerance, infinite where no number makes it good; for
 *     integers 0 or infinite
 * @param defect the worst element, if it is out of tolerance
 */
record Comparison(double error, Optional<String> defect) {

  /** Returns the comparison of floating-point elements in memory order. */
  static Comparison of(
      String what, DType format, double[] expected, double[] actual, Tolerance tolerance) {
    int worst = 0;
    double error = -1;
    for (int i = 0; i < expected.length; i++) {
      double here = error(format, expected[i], actual[i], tolerance.at(i, expected[i]));
      if (here > error) {
        worst = i;
        error = here;
      }
    }
    double allowed = tolerance.at(worst, expected[worst]);
    return result(
        what, expected, actual, worst, error, String.format(Locale.ROOT, " ± %.2g", allowed));
  }

  /** Returns the comparison of integers in memory order, which must be equal. */
  static Comparison exact(String what, double[] expected, double[] actual) {
    for (int i = 0; i < expected.length; i++) {
      if (expected[i] != actual[i]) {
        return result(what, expected, actual, i, Double.POSITIVE_INFINITY, " exactly");
      }
    }
    return new Comparison(0, Optional.empty());
  }

  private static Comparison result(
      String what, double[] expected, double[] actual, int i, double error, String margin) {
    if (error <= 1) {
      return new Comparison(error, Optional.empty());
    }
    String unwritten =
        Double.isNaN(actual[i]) ? ", which is what an element not written holds" : "";
    return new Comparison(
        error,
        Optional.of(
            "%s[%d] of %d is %s%s, expected %s%s"
                .formatted(what, i, expected.length, actual[i], unwritten, expected[i], margin)));
  }

  private static double error(DType format, double expected, double actual, double tolerance) {
    double rounded = format.round(expected);
    if (Double.isNaN(expected) || Double.isInfinite(rounded)) {
      return Double.compare(rounded, actual) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    double difference = Math.abs(actual - expected);
    return Double.isFinite(difference) ? difference / tolerance : Double.POSITIVE_INFINITY;
  }
}
