package io.ventral.cli.gpucheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.error.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cells here are lines of shell. */
class GpuCheckTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  @TempDir Path folder;

  private final List<String> said = new ArrayList<>();

  private Path file() {
    return folder.resolve("results.jsonl");
  }

  private static Cell cell(String work, Program program, int seconds, String script) {
    Part part = work.startsWith("doctor") ? Part.DOCTOR : Part.FIRST;
    return new Cell(part, work, program, List.of(script), seconds);
  }

  private static Cell cell(String work, String script) {
    return cell(work, Program.VENTRAL, 1, script);
  }

  private GpuCheck check() {
    Map<Program, List<String>> commands = new EnumMap<>(Program.class);
    for (Program program : Program.values()) {
      commands.put(program, List.of("/bin/sh", "-c"));
    }
    return new GpuCheck(folder, new ResultLog(file()), "this run", commands, said::add);
  }

  private Map<String, ResultRow> results() {
    return new ResultLog(file()).rows();
  }

  @Test
  void aCellThatDiesCostsItselfAlone() {
    List<Cell> cells =
        List.of(
            cell("a", "echo a moment >&2; echo the end is near >&2; kill -9 $$"),
            cell("b", "echo warming up; echo '{\"images_per_second\":12.5}'"));
    assertEquals(List.of(), check().run(cells, LONG));
    ResultRow dead = results().get("a, ventral");
    assertEquals(137, dead.exitCode());
    assertEquals(List.of("a moment", "the end is near"), dead.lastLines());
    ResultRow good = results().get("b, ventral");
    assertTrue(good.good());
    assertEquals(12.5, good.number("images_per_second"));
    String table = check().table(cells);
    assertTrue(table.contains("| a | failed |"), table);
    assertTrue(table.contains("a, ventral: exit code 137"), table);
    assertTrue(table.contains("    the end is near"), table);
  }

  @Test
  void whatHasAResultIsNotRunAgain() throws IOException {
    Path traces = folder.resolve("traces");
    List<Cell> cells =
        List.of(
            cell("a", "echo a >>" + traces + "; exit 1"),
            cell("b", "echo b >>" + traces + "; echo '{}'"));
    check().run(cells.subList(0, 1), LONG);
    check().run(cells, LONG);
    assertEquals(List.of("a", "b"), Files.readAllLines(traces));
  }

  @Test
  void aLineHalfWrittenIsOverwritten() throws IOException {
    check().run(List.of(cell("a", "echo '{\"x\":1}'")), LONG);
    Files.writeString(file(), "{\"cell\":\"b, ven", StandardOpenOption.APPEND);
    check().run(List.of(cell("b", "echo '{\"x\":2}'")), LONG);
    assertEquals(2, Files.readAllLines(file()).size());
    assertEquals(1, results().get("a, ventral").number("x"));
    assertEquals(2, results().get("b, ventral").number("x"));
  }

  @Test
  void aWholeLineThatIsNoResultIsRefused() throws IOException {
    Files.writeString(file(), "hello\n");
    EngineException error = assertThrows(EngineException.class, this::results);
    assertTrue(error.getMessage().startsWith(file() + ": not a result"), error.getMessage());
  }

  @Test
  void nothingIsStartedThatWouldNotEndInTime() {
    Cell first = cell("a", "echo '{\"x\":1}'");
    Cell large = cell("b", Program.VENTRAL, 1000, "echo '{\"x\":1}'");
    Cell after = cell("c", "echo '{\"x\":1}'");
    List<Cell> left = check().run(List.of(first, large, after), Duration.ofSeconds(100));
    assertEquals(List.of(large, after), left);
    assertEquals(List.of("a, ventral"), List.copyOf(results().keySet()));
  }

  @Test
  void whatTheBudgetEndsHasNoResult() {
    Cell endless = cell("a", "sleep 600");
    assertEquals(List.of(endless), check().run(List.of(endless), Duration.ofMillis(1200)));
    assertEquals(Map.of(), results());
  }

  @Test
  void aCellIsGivenUpAfterItsTime() {
    check().run(List.of(cell("a", Program.VENTRAL, 0, "sleep 600")), LONG);
    assertEquals(-1, results().get("a, ventral").exitCode());
  }

  @Test
  void withoutADeviceNothingElseIsStarted() {
    Cell doctor = cell("doctor", "echo 'cuda: no driver' >&2; exit 5");
    check().run(List.of(doctor, cell("a", "echo '{\"x\":1}'")), LONG);
    assertEquals(List.of("doctor, ventral"), List.copyOf(results().keySet()));
    assertEquals(List.of("cuda: no driver"), results().get("doctor, ventral").lastLines());
  }

  @Test
  void aDoctorThatFindsFaultStopsNothing() {
    Cell doctor = cell("doctor", "echo '{\"device\":\"cuda:0\",\"kernels\":[1]}'; exit 5");
    List<Cell> cells = List.of(doctor, cell("a", "echo '{\"x\":1}'"));
    check().run(cells, LONG);
    assertEquals(Map.of("device", "cuda:0"), results().get("doctor, ventral").result());
    assertTrue(results().get("a, ventral").good());
    String table = check().table(cells);
    assertTrue(table.contains("doctor, ventral on cuda:0: FAILED"), table);
  }

  @Test
  void theTableComparesWithTheBestOfPyTorch() {
    List<Cell> cells =
        List.of(
            cell("a", "echo '{\"images_per_second\":30.0,\"peak_bytes\":2097152}'"),
            cell("a", Program.PYTORCH, 1, "echo '{\"images_per_second\":10.0}'"),
            cell("a", Program.PYTORCH_COMPILED, 1, "echo '{\"images_per_second\":20.0}'"));
    check().run(cells, LONG);
    String table = check().table(cells);
    assertTrue(table.contains("| a | 30.0 | 2 | 10.0 | 20.0 | 1.50 |"), table);
  }
}
