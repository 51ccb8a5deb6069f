package io.ventral.cli.gpucheck;

import io.ventral.error.ErrorKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Runs cells one after another and keeps what came of them. */
public final class GpuCheck {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int GARBLED = ErrorKind.DATA.exitCode();

  private final Path folder;
  private final ResultLog log;
  private final String run;
  private final Map<Program, List<String>> commands;
  private final Consumer<String> say;

  /**
   * @param folder where everything goes
   * @param run version and device, which are written beside each result
   * @param commands how each program starts, in front of a cell's arguments
   * @param say is told what happens, a line at a time
   */
  public GpuCheck(
      Path folder,
      ResultLog log,
      String run,
      Map<Program, List<String>> commands,
      Consumer<String> say) {
    this.folder = folder;
    this.log = log;
    this.run = run;
    this.commands = commands;
    this.say = say;
  }

  /**
   * Returns the cells for which no time was left, after running those without a result. What runs
   * when the budget ends is ended and counts as one of them.
   *
   * @param budget the time for all of it
   */
  public List<Cell> run(List<Cell> cells, Duration budget) {
    long start = System.nanoTime();
    List<Cell> left = new ArrayList<>();
    for (Cell cell : cells) {
      if (log.rows().containsKey(cell.name())) {
        say.accept(cell.name() + ": has a result already");
        continue;
      }
      Duration rest = budget.minusNanos(System.nanoTime() - start);
      if (!left.isEmpty() || rest.toSeconds() < cell.seconds() || !run(cell, rest)) {
        left.add(cell);
      } else if (cannotStart(log.rows().get(cell.name()))) {
        say.accept("the device cannot be used: nothing else is started");
        break;
      }
    }
    return left;
  }

  /** Returns the results as a table in Markdown, what went wrong below it. */
  public String table(List<Cell> cells) {
    return CheckTable.of(run, cells, log.rows());
  }

  /** Returns whether doctor could not even open the device, not that it found fault with it. */
  private static boolean cannotStart(ResultRow row) {
    return row.cell().startsWith("doctor")
        && row.exitCode() == ErrorKind.DEVICE.exitCode()
        && row.result().isEmpty();
  }

  /** Returns false if the budget ended before the cell did. */
  private boolean run(Cell cell, Duration rest) {
    say.accept(cell.name() + " ...");
    Duration limit = Duration.ofSeconds(cell.limit());
    boolean cut = rest.compareTo(limit) < 0;
    List<String> command = new ArrayList<>(commands.get(cell.program()));
    command.addAll(cell.arguments());
    ChildProcess.Ending ending =
        ChildProcess.run(command, folder.resolve(cell.fileName()), cut ? rest : limit);
    if (cut && ending.exitCode() < 0) {
      return false;
    }
    ResultRow row = row(cell, ending);
    log.add(row);
    say.accept("  " + outcome(row));
    return true;
  }

  private ResultRow row(Cell cell, ChildProcess.Ending ending) {
    Map<String, Object> result = result(ending);
    int exitCode = ending.exitCode() == 0 && result.isEmpty() ? GARBLED : ending.exitCode();
    return new ResultRow(
        cell.name(),
        run,
        exitCode,
        ending.seconds(),
        result,
        exitCode == 0 ? List.of() : ending.lastLines());
  }

  /** Returns what a program printed as JSON, without the rows of single kernels. */
  @SuppressWarnings("unchecked")
  private static Map<String, Object> result(ChildProcess.Ending ending) {
    if (!ending.result().startsWith("{")) {
      return Map.of();
    }
    try {
      Map<String, Object> fields = JSON.readValue(ending.result(), Map.class);
      fields.remove("kernels");
      fields.remove("layers");
      return fields;
    } catch (JacksonException e) {
      return Map.of();
    }
  }

  private static String outcome(ResultRow row) {
    if (!row.good()) {
      return "FAILED with %d: %s".formatted(row.exitCode(), String.join(" / ", row.lastLines()));
    }
    double speed = row.number("images_per_second");
    return Double.isNaN(speed) ? "good" : "%.1f images/s".formatted(speed);
  }
}
