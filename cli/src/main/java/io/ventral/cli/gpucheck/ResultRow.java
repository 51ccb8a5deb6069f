package io.ventral.cli.gpucheck;

import java.util.List;
import java.util.Map;

/**
 * What came of a cell: a line of the results.
 *
 * @param run version and device; results of another run do not count
 * @param exitCode 0 if it ended well, negative if it was given up after its time
 * @param result what the cell printed as JSON, empty if nothing
 * @param lastLines what it said at the end if it did not end well
 */
public record ResultRow(
    String cell,
    String run,
    int exitCode,
    double seconds,
    Map<String, Object> result,
    List<String> lastLines) {

  /** Returns whether the cell ended well. */
  public boolean good() {
    return exitCode == 0;
  }

  /** Returns a number of the result, NaN if there is none. */
  public double number(String field) {
    return result.get(field) instanceof Number number ? number.doubleValue() : Double.NaN;
  }
}
