package io.ventral.cli.gpucheck;

import java.util.ArrayList;
import java.util.List;

/**
 * What is to be found out.
 *
 * @param operation the one operation that is checked, empty for all
 * @param models networks; the first one comes first in everything
 * @param batch images a step
 * @param steps steps that are timed
 * @param pytorch whether the same is done by PyTorch
 */
public record CheckPlan(
    String device, String operation, List<String> models, int batch, int steps, boolean pytorch) {
  private static final int DOCTOR_SECONDS = 300;
  private static final int BENCH_SECONDS = 60;
  private static final int COMPILED_SECONDS = 180;

  private static final String SIXTEEN_BITS = "bfloat16";
  private static final List<String> OTHERS = List.of("float16", "float32", "tf32");

  public CheckPlan {
    models = List.copyOf(models);
  }

  /** Returns the cells of all parts in the order in which they run: what matters most is first. */
  public List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    cells.add(doctor());
    for (String model : models) {
      Part part = cells.size() == 1 ? Part.FIRST : Part.NETWORKS;
      cells.addAll(bench(part, model, SIXTEEN_BITS));
    }
    for (String format : OTHERS) {
      models.forEach(model -> cells.addAll(bench(Part.FORMATS, model, format)));
    }
    return cells;
  }

  private Cell doctor() {
    List<String> arguments = new ArrayList<>(List.of("doctor", "--device", device));
    arguments.addAll(List.of("--format", "json"));
    if (!operation.isEmpty()) {
      arguments.addAll(List.of("--op", operation));
    }
    String work = ("doctor " + operation).strip();
    return new Cell(Part.DOCTOR, work, Program.VENTRAL, arguments, DOCTOR_SECONDS);
  }

  private List<Cell> bench(Part part, String model, String format) {
    List<Cell> cells = new ArrayList<>();
    for (boolean training : new boolean[] {true, false}) {
      String mode = training ? "training" : "inference";
      String work = "%s %s %s %d".formatted(model, mode, format, batch);
      cells.add(new Cell(part, work, Program.VENTRAL, ours(model, format, mode), BENCH_SECONDS));
      if (pytorch) {
        List<String> theirs = theirs(model, format, mode);
        cells.add(new Cell(part, work, Program.PYTORCH, theirs, BENCH_SECONDS));
        List<String> compiled = new ArrayList<>(theirs);
        compiled.add("--compile");
        cells.add(new Cell(part, work, Program.PYTORCH_COMPILED, compiled, COMPILED_SECONDS));
      }
    }
    return cells;
  }

  private List<String> ours(String model, String format, String mode) {
    List<String> arguments = new ArrayList<>(List.of("bench", model, "--device", device));
    arguments.addAll(List.of("--format", "json"));
    arguments.addAll(common(mode));
    boolean tf32 = format.equals("tf32");
    arguments.addAll(List.of("--amp-dtype", tf32 ? "float32" : format));
    if (tf32) {
      arguments.add("--tf32");
    }
    return arguments;
  }

  private List<String> theirs(String model, String format, String mode) {
    List<String> arguments = new ArrayList<>(List.of(model, "--device", device));
    arguments.addAll(common(mode));
    arguments.addAll(List.of("--dtype", format));
    return arguments;
  }

  private List<String> common(String mode) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--batch-size", Integer.toString(batch)));
    arguments.addAll(List.of("--steps", Integer.toString(steps)));
    if (mode.equals("inference")) {
      arguments.add("--inference");
    }
    return arguments;
  }
}
