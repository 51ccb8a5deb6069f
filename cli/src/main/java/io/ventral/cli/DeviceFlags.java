package io.ventral.cli;

import io.ventral.error.EngineException;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import io.ventral.place.Mesh;
import io.ventral.run.DeviceReport;
import io.ventral.run.Devices;
import io.ventral.tensor.DType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The flags that say where and in which number format something is computed. */
final class DeviceFlags {
  private static final List<String> AMP_DTYPES = List.of("float32", "bfloat16", "float16");

  @Option(
      names = "--device",
      paramLabel = "SPEC",
      description =
          "cpu (oneDNN, float32), reference (plain loops, float64), cuda, cuda:1, or a list such as"
              + " cpu:0,cpu:1."
              + " Default: cuda if a usable GPU is there, else cpu.")
  String device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Compute threads (default: the number of cores).")
  Integer threads;

  @Option(
      names = "--amp-dtype",
      paramLabel = "TYPE",
      description = "Arithmetic of the step: float32, bfloat16 or float16.")
  String ampDType;

  @Option(names = "--amp", description = "The device's best 16-bit format.")
  boolean amp;

  /** Returns the devices, without opening them; says on stderr which were chosen and why. */
  Mesh mesh(Messages messages) {
    Mesh mesh = device == null ? Mesh.of(new DeviceId(DeviceKind.CPU, 0)) : Mesh.parse(device);
    if (device == null) {
      messages.info("device " + mesh + " (the default: this version has no CUDA backend)");
    }
    if (messages.verbose()) {
      messages.detail("device " + mesh + ": " + DeviceReport.of(mesh.kind(), threads()).details());
    }
    return mesh;
  }

  /**
   * Returns the number format of a run on {@code mesh}.
   *
   * @throws EngineException USER for a format that the flag does not know, UNSUPPORTED if the
   *     devices do not compute in the one asked for
   */
  DType dtype(Mesh mesh) {
    DType own = Devices.defaultDType(mesh.kind());
    if (ampDType != null && !AMP_DTYPES.contains(ampDType)) {
      throw EngineException.user(
          "--amp-dtype '" + ampDType + "': fits " + String.join(", ", AMP_DTYPES));
    }
    boolean asUsual = own.name().toLowerCase(Locale.ROOT).equals(ampDType);
    if (amp || (ampDType != null && !asUsual)) {
      throw EngineException.unsupported(
          "%s: device %s computes in %s alone in this version"
              .formatted(amp ? "--amp" : "--amp-dtype " + ampDType, mesh, own.shortName()));
    }
    return own;
  }

  /** Returns the compute threads. */
  int threads() {
    return threads(Optional.ofNullable(threads));
  }

  /** Returns the compute threads, given what the flag says, if anything. */
  static int threads(Optional<Integer> given) {
    int count = given.orElseGet(() -> Runtime.getRuntime().availableProcessors());
    if (count < 1) {
      throw EngineException.user("--threads must be at least 1, not " + count);
    }
    return count;
  }
}
