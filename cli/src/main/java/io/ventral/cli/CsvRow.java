package io.ventral.cli;

import java.util.List;
import java.util.stream.Collectors;

/** Rows of comma-separated values as RFC 4180 has them. */
final class CsvRow {
  private CsvRow() {}

  /** Returns the row of these fields, without a line end. */
  static String of(Object... fields) {
    return List.of(fields).stream()
        .map(field -> quoted(field.toString()))
        .collect(Collectors.joining(","));
  }

  private static String quoted(String field) {
    boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }
}
