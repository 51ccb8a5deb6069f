package io.ventral.check;

import io.ventral.check.ParityRow.Verdict;
import io.ventral.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What came of cases on a device, a row a kernel, in the order in which they ran. */
public record ParityReport(List<ParityRow> rows) {
  public ParityReport {
    rows = List.copyOf(rows);
  }

  /** The rows of one operation in one format. */
  public record Summary(String op, DType dtype, ParityReport report) {}

  /** Returns whether nothing failed and something ran. */
  public boolean isOk() {
    return count(Verdict.FAILED) == 0 && count(Verdict.OK) > 0;
  }

  public int count(Verdict verdict) {
    return with(verdict).size();
  }

  /** Returns the rows of that verdict. */
  public List<ParityRow> with(Verdict verdict) {
    return rows.stream().filter(row -> row.verdict() == verdict).toList();
  }

  /** Returns the worst error of all rows, in units of tolerance. */
  public double worstError() {
    return rows.stream().mapToDouble(ParityRow::error).max().orElse(0);
  }

  /** Returns the rows by format and operation, in order of first appearance. */
  public List<Summary> summaries() {
    Map<DType, Map<String, List<ParityRow>>> groups = new LinkedHashMap<>();
    for (ParityRow row : rows) {
      groups
          .computeIfAbsent(row.dtype(), dtype -> new LinkedHashMap<>())
          .computeIfAbsent(row.op(), op -> new ArrayList<>())
          .add(row);
    }
    List<Summary> summaries = new ArrayList<>();
    groups.forEach(
        (dtype, ops) ->
            ops.forEach(
                (op, group) -> summaries.add(new Summary(op, dtype, new ParityReport(group)))));
    return summaries;
  }

  /**
   * Returns for example {@code 912 kernels ok, 0 failed, 12 not supported; worst error 0.50 of
   * tolerance}.
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d kernels ok, %d failed, %d not supported; worst error %.2f of tolerance",
        count(Verdict.OK),
        count(Verdict.FAILED),
        count(Verdict.UNSUPPORTED),
        worstError());
  }
}
