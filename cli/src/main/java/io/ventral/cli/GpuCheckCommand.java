package io.ventral.cli;

import io.ventral.cli.gpucheck.Cell;
import io.ventral.cli.gpucheck.CheckPlan;
import io.ventral.cli.gpucheck.ChildProcess;
import io.ventral.cli.gpucheck.GpuCheck;
import io.ventral.cli.gpucheck.Part;
import io.ventral.cli.gpucheck.Program;
import io.ventral.cli.gpucheck.ResultLog;
import io.ventral.cli.gpucheck.ResultRow;
import io.ventral.error.EngineException;
import io.ventral.io.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Finds out whether a GPU computes right and how fast, next to PyTorch where it is installed. */
@Command(
    name = "gpu-check",
    description = "Checks a GPU and measures its speed, next to PyTorch where that is installed.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "%nEach cell is a process of its own and has a line in results.jsonl as soon as it ends. Run"
          + " again with the same folder, it goes on with what has no result.",
      "Example: ventral gpu-check --budget-seconds 1500 --output-dir gpu-check"
    })
final class GpuCheckCommand implements Runnable {
  private static final Duration PROBE = Duration.ofMinutes(2);
  private static final Duration UNLIMITED = Duration.ofDays(365);

  @Option(
      names = "--device",
      paramLabel = "SPEC",
      description = "The device (default: ${DEFAULT-VALUE}).",
      defaultValue = "cuda")
  String device;

  @Option(
      names = "--only",
      paramLabel = "PART",
      split = ",",
      description =
          "doctor (every kernel), first (the first network in 16 bits), networks (the others),"
              + " formats (all in the other formats), or a list (default: all).")
  List<Part> only = List.of(Part.values());

  @Option(
      names = "--budget-seconds",
      paramLabel = "N",
      description = "Start nothing that would not end in time (default: no end).")
  Integer budget;

  @Option(
      names = "--output-dir",
      paramLabel = "FOLDER",
      description = "Where everything goes (default: ${DEFAULT-VALUE}).",
      defaultValue = "gpu-check")
  Path folder;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      split = ",",
      description = "Networks, the most important first (default: ${DEFAULT-VALUE}).",
      defaultValue = "resnet50,resnet18,vgg16,alexnet,googlenet")
  List<String> models;

  @Option(
      names = {"-b", "--batch-size"},
      paramLabel = "N",
      description = "Images a step (default: ${DEFAULT-VALUE}).",
      defaultValue = "256")
  int batch;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps to time (default: ${DEFAULT-VALUE}).",
      defaultValue = "30")
  int steps;

  @Option(
      names = "--op",
      paramLabel = "NAME",
      description = "The one operation that doctor checks (default: all).",
      defaultValue = "")
  String operation;

  @Option(
      names = "--python",
      paramLabel = "FILE",
      description = "The Python that may have PyTorch (default: ${DEFAULT-VALUE}).",
      defaultValue = "python3")
  String python;

  @Option(names = "--no-pytorch", description = "Leave PyTorch out.")
  boolean noPyTorch;

  @Mixin final MessageFlags say = new MessageFlags();

  @Override
  public void run() {
    Messages messages = say.messages();
    String run = Version.text() + " on " + device;
    ResultLog log = log(run);
    Path script = copy("torch_bench.py");
    boolean pytorch = !noPyTorch && hasPyTorch(script, messages);
    CheckPlan plan = new CheckPlan(device, operation, models, batch, steps, pytorch);
    List<Cell> cells = plan.cells();
    List<String> theirs = List.of(python, script.toString());
    Map<Program, List<String>> commands =
        Map.of(
            Program.VENTRAL, ChildProcess.java(Main.class.getName()),
            Program.PYTORCH, theirs,
            Program.PYTORCH_COMPILED, theirs);
    List<Cell> asked = cells.stream().filter(cell -> only.contains(cell.part())).toList();
    GpuCheck check = new GpuCheck(folder, log, run, commands, messages::info);
    List<Cell> left = check.run(asked, budget == null ? UNLIMITED : Duration.ofSeconds(budget));
    String table = check.table(cells) + machine();
    AtomicFile.write(folder.resolve("table.md"), table.getBytes(StandardCharsets.UTF_8));
    System.out.print(table);
    if (!left.isEmpty()) {
      messages.info("no time was left for %d cells; run again to go on".formatted(left.size()));
    }
    judge(asked, log.rows());
  }

  /** Returns the results in the folder, which are all of this version and device. */
  private ResultLog log(String run) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw EngineException.user(folder + ": no folder can be made there (" + e + ")");
    }
    ResultLog log = new ResultLog(folder.resolve("results.jsonl"));
    log.rows().values().stream()
        .map(ResultRow::run)
        .filter(found -> !found.equals(run))
        .findFirst()
        .ifPresent(
            found -> {
              throw EngineException.user(
                  "%s holds results of %s, this is %s; give another --output-dir"
                      .formatted(folder, found, run));
            });
    return log;
  }

  private Path copy(String name) {
    Path file = folder.resolve(name);
    try (InputStream in = GpuCheck.class.getResourceAsStream(name)) {
      AtomicFile.write(file, in.readAllBytes());
      return file;
    } catch (IOException e) {
      throw EngineException.internal(name + ": " + e);
    }
  }

  private boolean hasPyTorch(Path script, Messages messages) {
    String found;
    boolean usable = false;
    try {
      List<String> probe = List.of(python, script.toString(), "--versions", "--device", device);
      ChildProcess.Ending ending = ChildProcess.run(probe, folder.resolve("pytorch"), PROBE);
      usable = ending.exitCode() == 0;
      found = ending.lastLines().isEmpty() ? "nothing said" : ending.lastLines().getLast();
      found = usable ? ending.result() : found;
    } catch (EngineException e) {
      found = e.getMessage();
    }
    messages.info(
        (usable ? "PyTorch: " : "PyTorch cannot be used, its cells are left out: ") + found);
    return usable;
  }

  /** Returns what the machine has, as its own programs say. */
  private String machine() {
    List<String> devices = new ArrayList<>(ChildProcess.java(Main.class.getName()));
    devices.add("devices");
    List<String> gpus =
        List.of("nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv");
    return Stream.concat(said(devices, "devices"), said(gpus, "nvidia-smi"))
        .map("    %s%n"::formatted)
        .collect(Collectors.joining("", "\nThe machine:\n\n", ""));
  }

  /** Returns what a program says, nothing if it is not there. */
  private Stream<String> said(List<String> command, String name) {
    try {
      return ChildProcess.run(command, folder.resolve(name), PROBE).out().stream();
    } catch (EngineException e) {
      return Stream.empty();
    }
  }

  private static void judge(List<Cell> asked, Map<String, ResultRow> rows) {
    List<String> failed =
        asked.stream()
            .map(Cell::name)
            .filter(name -> rows.containsKey(name) && !rows.get(name).good())
            .toList();
    if (!failed.isEmpty()) {
      throw EngineException.device("failed: " + String.join("; ", failed));
    }
  }
}
