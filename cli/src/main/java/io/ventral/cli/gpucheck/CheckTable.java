package io.ventral.cli.gpucheck;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/** The results as a table in Markdown: a line what is done, a column a program. */
final class CheckTable {
  private static final double MEBI = 1 << 20;

  private CheckTable() {}

  /** Returns the table of the cells that have a result, then what went wrong. */
  static String of(String title, List<Cell> cells, Map<String, ResultRow> rows) {
    StringBuilder text = new StringBuilder("# " + title + "\n\n");
    if (rows.values().stream().anyMatch(row -> device(row).startsWith("simulated"))) {
      text.append("Simulated: a test double, whose figures say nothing about any GPU.\n\n");
    }
    cells.stream()
        .filter(cell -> cell.part() == Part.DOCTOR && rows.containsKey(cell.name()))
        .forEach(cell -> text.append(doctor(rows.get(cell.name()))));
    text.append("Images/s of training or inference at a batch size, in a number format.\n\n");
    text.append("| | ventral | MiB | PyTorch | PyTorch compiled | ventral / best PyTorch |\n");
    text.append("|---|---:|---:|---:|---:|---:|\n");
    cells.stream()
        .filter(cell -> cell.part() != Part.DOCTOR && rows.containsKey(cell.name()))
        .map(Cell::work)
        .distinct()
        .forEach(work -> text.append(line(work, cells, rows)));
    cells.stream()
        .map(cell -> rows.get(cell.name()))
        .filter(row -> row != null && !row.good())
        .forEach(row -> text.append(failure(row)));
    return text.toString();
  }

  private static String device(ResultRow row) {
    return row.result().getOrDefault("device", "the device").toString();
  }

  private static String doctor(ResultRow row) {
    return "%s on %s: %s, %.0f s.%n%n"
        .formatted(
            row.cell(),
            device(row),
            row.good() ? "all kernels agree with the reference" : "FAILED",
            row.seconds());
  }

  private static String line(String work, List<Cell> cells, Map<String, ResultRow> rows) {
    ResultRow ours = row(work, Program.VENTRAL, cells, rows);
    ResultRow eager = row(work, Program.PYTORCH, cells, rows);
    ResultRow compiled = row(work, Program.PYTORCH_COMPILED, cells, rows);
    double best =
        DoubleStream.of(speed(eager), speed(compiled))
            .filter(speed -> !Double.isNaN(speed))
            .max()
            .orElse(Double.NaN);
    double mebibytes = ours == null ? Double.NaN : ours.number("peak_bytes") / MEBI;
    return "| %s | %s | %s | %s | %s | %s |%n"
        .formatted(
            work,
            shown(ours, speed(ours), "%.1f"),
            number(mebibytes, "%.0f"),
            shown(eager, speed(eager), "%.1f"),
            shown(compiled, speed(compiled), "%.1f"),
            number(speed(ours) / best, "%.2f"));
  }

  private static ResultRow row(
      String work, Program program, List<Cell> cells, Map<String, ResultRow> rows) {
    return cells.stream()
        .filter(cell -> cell.work().equals(work) && cell.program() == program)
        .map(cell -> rows.get(cell.name()))
        .findFirst()
        .orElse(null);
  }

  private static double speed(ResultRow row) {
    return row == null ? Double.NaN : row.number("images_per_second");
  }

  private static String shown(ResultRow row, double value, String form) {
    return row != null && !row.good() ? "failed" : number(value, form);
  }

  private static String number(double value, String form) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, form, value);
  }

  private static String failure(ResultRow row) {
    String how = row.exitCode() < 0 ? "given up after its time" : "exit code " + row.exitCode();
    return "%n%s: %s after %.0f s%n%n".formatted(row.cell(), how, row.seconds())
        + row.lastLines().stream().map("    %s%n"::formatted).reduce("", String::concat);
  }
}
