package io.ventral.cli;

import io.ventral.check.ParityReport;
import io.ventral.check.ParityReport.Summary;
import io.ventral.check.ParityRow;
import io.ventral.check.ParityRow.Verdict;
import io.ventral.check.SpeedRow;
import io.ventral.tensor.DType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Prints what the doctor found on stdout. */
record DoctorOutput(String device, ParityReport report, List<SpeedRow> speed) {
  private static final String SPEED_LINE = "%-32s %11s %9s %9s  %s%n";
  private static final double MICROS = 1e6;

  private static final String LINE = "%-6s  %-24s %7s  %-11s %s%n";

  /**
   * Prints a line an operation, every failure in full, and a verdict.
   *
   * @param all whether to print every kernel, not failures alone
   */
  void text(boolean all) {
    print(LINE, "format", "operation", "kernels", "worst error", "verdict");
    Map<DType, List<Summary>> formats =
        report.summaries().stream()
            .collect(
                Collectors.groupingBy(Summary::dtype, LinkedHashMap::new, Collectors.toList()));
    formats.forEach(DoctorOutput::format);
    List<ParityRow> shown = all ? report.rows() : report.with(Verdict.FAILED);
    if (!shown.isEmpty()) {
      print("%n");
      shown.forEach(row -> print("%s%n", row));
    }
    printSpeed();
    print("%n%s %s: %s%n", device, report.isOk() ? "agrees with the reference" : "fails", report);
  }

  /** Prints what was measured; the copy that comes first is what bandwidths are held against. */
  private void printSpeed() {
    if (speed.isEmpty()) {
      return;
    }
    print("%n" + SPEED_LINE, device, "µs", "GB/s", "TFLOP/s", "of the copy's bandwidth");
    double copy = speed.getFirst().gigabytesPerSecond();
    for (SpeedRow row : speed) {
      print(
          SPEED_LINE,
          row.what(),
          number("%.1f", row.seconds() * MICROS),
          row.bytes() == 0 ? "" : number("%.1f", row.gigabytesPerSecond()),
          row.operations() == 0 ? "" : number("%.2f", row.teraflops()),
          row.bytes() == 0 ? "" : number("%.0f %%", 100 * row.gigabytesPerSecond() / copy));
    }
  }

  private static String number(String form, double value) {
    return String.format(Locale.ROOT, form, value);
  }

  /** Prints a line for each operation, or one for a format that the device does not know at all. */
  private static void format(DType dtype, List<Summary> summaries) {
    int kernels = summaries.stream().mapToInt(summary -> summary.report().rows().size()).sum();
    if (summaries.stream()
        .allMatch(summary -> unsupported(summary) == summary.report().rows().size())) {
      String reason = summaries.getFirst().report().rows().getFirst().reason();
      print(LINE, dtype.shortName(), "all", kernels, "", "not supported: " + reason);
      return;
    }
    for (Summary summary : summaries) {
      print(
          LINE,
          dtype.shortName(),
          summary.op(),
          summary.report().rows().size(),
          String.format(Locale.ROOT, "%.3f", summary.report().worstError()),
          verdict(summary));
    }
  }

  private static int unsupported(Summary summary) {
    return summary.report().count(Verdict.UNSUPPORTED);
  }

  private static String verdict(Summary summary) {
    int failed = summary.report().count(Verdict.FAILED);
    String verdict = failed == 0 ? "ok" : failed + " failed";
    List<ParityRow> refused = summary.report().with(Verdict.UNSUPPORTED);
    if (refused.isEmpty()) {
      return verdict;
    }
    String reason = refused.getFirst().reason();
    return refused.size() == summary.report().rows().size()
        ? "not supported: " + reason
        : "%s, %d not supported: %s".formatted(verdict, refused.size(), reason);
  }

  /** Prints one object: device, verdict, a summary an operation, and every kernel. */
  void json() {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("device", device);
    object.put("ok", report.isOk());
    object.put("operations", report.summaries().stream().map(DoctorOutput::fields).toList());
    object.put("kernels", report.rows().stream().map(DoctorOutput::fields).toList());
    object.put("speed", speed.stream().map(DoctorOutput::fields).toList());
    print("%s%n", JsonMapper.builder().build().writeValueAsString(object));
  }

  private static Map<String, Object> fields(Summary summary) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("op", summary.op());
    fields.put("dtype", word(summary.dtype()));
    fields.put("kernels", summary.report().rows().size());
    fields.put("failed", summary.report().count(Verdict.FAILED));
    fields.put("unsupported", unsupported(summary));
    fields.put("worst_error", summary.report().worstError());
    return fields;
  }

  private static Map<String, Object> fields(SpeedRow row) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("what", row.what());
    fields.put("seconds", row.seconds());
    fields.put("gigabytes_per_second", row.gigabytesPerSecond());
    fields.put("teraflops", row.teraflops());
    return fields;
  }

  private static Map<String, Object> fields(ParityRow row) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("case", row.opCase());
    fields.put("op", row.op());
    fields.put("dtype", word(row.dtype()));
    fields.put("direction", word(row.direction()));
    fields.put("error", row.error());
    fields.put("verdict", word(row.verdict()));
    fields.put("reason", row.reason());
    return fields;
  }

  /** Prints a row a kernel. */
  void csv() {
    print("device,case,op,dtype,direction,error,verdict,reason%n");
    for (ParityRow row : report.rows()) {
      print(
          "%s%n",
          CsvRow.of(
              device,
              row.opCase(),
              row.op(),
              word(row.dtype()),
              word(row.direction()),
              row.error(),
              word(row.verdict()),
              row.reason()));
    }
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static void print(String line, Object... arguments) {
    System.out.printf(Locale.ROOT, line, arguments);
  }
}
