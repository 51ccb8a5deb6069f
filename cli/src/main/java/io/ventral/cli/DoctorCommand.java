package io.ventral.cli;

import io.ventral.backend.Device;
import io.ventral.check.OpCase;
import io.ventral.check.OpCases;
import io.ventral.check.Parity;
import io.ventral.check.ParityReport;
import io.ventral.check.ParityRow.Verdict;
import io.ventral.check.Speed;
import io.ventral.check.SpeedRow;
import io.ventral.error.EngineException;
import io.ventral.place.DeviceKind;
import io.ventral.place.Mesh;
import io.ventral.run.DeviceOptions;
import io.ventral.run.Devices;
import io.ventral.tensor.DType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks every kernel of a device against the reference. */
@Command(
    name = "doctor",
    description = "Checks every operation of a device against the reference.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "%nEvery operation case runs forward and backward in every number format; errors are in units"
          + " of the tolerance, which follows from the format. Exit code 5 if any case fails.",
      "Example: ventral doctor --device cpu --op Conv2d --dtype bfloat16"
    })
final class DoctorCommand implements Runnable {
  private static final List<DType> FORMATS =
      List.of(DType.FLOAT64, DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16);

  @Mixin final MessageFlags say = new MessageFlags();

  @Option(
      names = "--device",
      paramLabel = "SPEC",
      description =
          "cpu, reference, cuda, cuda:1, or a list. Default: cuda if a usable GPU is there, else"
              + " cpu.")
  String device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Compute threads (default: the number of cores).")
  Integer threads;

  @Mixin final CudaFlags cuda = new CudaFlags();

  @Option(
      names = "--op",
      paramLabel = "NAME",
      description = "One operation and its gradients, such as Conv2d (default: all).")
  String op;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      split = ",",
      description = "float64, float32, bfloat16, float16 or a list (default: all).")
  List<String> dtypes = List.of();

  @Option(
      names = "--speed",
      paramLabel = "MIB",
      description =
          "Also measure the speed, in the first format asked for or float32: operands of so many"
              + " MiB, 0 for not at all (cuda without --op: 128, or less on a GPU of little memory;"
              + " others: 0).")
  Integer speed;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "text, json or csv (default: ${DEFAULT-VALUE}).",
      defaultValue = "text")
  OutputFormat format;

  @Override
  public void run() {
    List<OpCase> cases = op == null ? OpCases.all() : OpCases.of(operation(op));
    List<DType> formats =
        dtypes.isEmpty() ? FORMATS : dtypes.stream().map(DoctorCommand::dtype).toList();
    int count = DeviceFlags.threads(Optional.ofNullable(threads));
    ChosenDevices chosen = ChosenDevices.of(Optional.ofNullable(device), count, say.messages());
    List<Device> devices = Devices.open(chosen.mesh(), new DeviceOptions(count, cuda.options()));
    try {
      // A device that stands in the list twice is examined once.
      List<String> failures =
          devices.stream()
              .collect(
                  Collectors.toMap(Device::id, found -> found, (a, b) -> a, LinkedHashMap::new))
              .values()
              .stream()
              .flatMap(
                  found ->
                      examine(found, chosen.label(Mesh.of(found.id())), cases, formats).stream())
              .toList();
      if (!failures.isEmpty()) {
        throw EngineException.device(String.join("; ", failures));
      }
    } finally {
      devices.forEach(Device::close);
    }
  }

  /** Returns what is wrong with a device, after printing the report. */
  private Optional<String> examine(
      Device found, String label, List<OpCase> cases, List<DType> formats) {
    ParityReport report;
    try (Parity parity = new Parity(found)) {
      report = parity.check(cases, formats);
    }
    DoctorOutput output = new DoctorOutput(label, report, speed(found));
    switch (format) {
      case TEXT -> output.text(say.verbose);
      case JSON -> output.json();
      case CSV -> output.csv();
    }
    int failed = report.count(Verdict.FAILED);
    if (failed > 0) {
      return Optional.of(
          "%s: %d of %d kernels differ from the reference"
              .formatted(found.id(), failed, report.rows().size()));
    }
    return report.isOk()
        ? Optional.empty()
        : Optional.of(found.id() + " supports none of what was asked for");
  }

  private List<SpeedRow> speed(Device found) {
    boolean isUsual = op == null && found.id().kind() == DeviceKind.CUDA;
    long usual = isUsual ? Speed.usualBytes(found) : 0;
    long bytes = speed == null ? usual : (long) speed << 20;
    DType format = dtypes.isEmpty() ? DType.FLOAT32 : dtype(dtypes.getFirst());
    return bytes == 0 ? List.of() : Speed.measure(found, format, bytes);
  }

  private static String operation(String name) {
    return OpCases.operations().stream()
        .filter(name::equalsIgnoreCase)
        .findFirst()
        .orElseThrow(() -> unknown("operation", name, OpCases.operations()));
  }

  private static DType dtype(String name) {
    return FORMATS.stream()
        .filter(dtype -> word(dtype).equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                unknown("number format", name, FORMATS.stream().map(DoctorCommand::word).toList()));
  }

  private static String word(DType dtype) {
    return dtype.name().toLowerCase(Locale.ROOT);
  }

  private static EngineException unknown(String what, String name, Collection<String> names) {
    return EngineException.user(
        "no %s is called '%s'; %s"
            .formatted(
                what,
                name,
                Suggestion.nearest(name, names)
                    .map(nearest -> "did you mean " + nearest + "?")
                    .orElse("there are " + String.join(", ", names))));
  }
}
