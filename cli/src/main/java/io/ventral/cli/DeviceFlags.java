package io.ventral.cli;

import io.ventral.error.EngineException;
import io.ventral.place.Mesh;
import io.ventral.run.DeviceOptions;
import io.ventral.run.Devices;
import io.ventral.tensor.DType;
import io.ventral.tensor.Precision;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags that say where and in which number format something is computed. */
final class DeviceFlags {
  /** The 16-bit format that every device here computes best in. */
  private static final String BEST = "bfloat16";

  @Option(
      names = "--device",
      paramLabel = "SPEC",
      description =
          "cpu (oneDNN), reference (plain loops), cuda, cuda:1, or a list such as"
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
      description =
          "Arithmetic of the step: float32, bfloat16 or float16; parameters stay float32 (default:"
              + " float32, on reference float64).")
  String ampDType;

  @Option(names = "--amp", description = "The device's best 16-bit format.")
  boolean amp;

  @Mixin final CudaFlags cuda = new CudaFlags();

  /** Returns the devices, without opening them; says on stderr which were chosen and why. */
  ChosenDevices devices(Messages messages) {
    return ChosenDevices.of(
        Optional.ofNullable(device), threads(Optional.ofNullable(threads)), messages);
  }

  /** Returns the number format that is asked for, if one is. */
  Optional<String> ampDType() {
    return Optional.ofNullable(ampDType).or(() -> amp ? Optional.of(BEST) : Optional.empty());
  }

  /** Returns the number formats of a run on {@code mesh}. */
  Precision precision(Mesh mesh) {
    return precision(mesh, ampDType());
  }

  /**
   * Returns the number formats of a run on {@code mesh}, given what the flags say, if anything.
   *
   * @throws EngineException USER for a format that the flag does not know, UNSUPPORTED for one that
   *     cannot be trained in
   */
  static Precision precision(Mesh mesh, Optional<String> ampDType) {
    if (ampDType.isEmpty()) {
      return Precision.uniform(Devices.defaultDType(mesh.kind()));
    }
    return switch (ampDType.get()) {
      case "float32" -> Precision.uniform(DType.FLOAT32);
      case "bfloat16" -> Precision.mixed(DType.BFLOAT16);
      case "float16" ->
          throw EngineException.unsupported(
              "--amp-dtype float16: its gradients need loss scaling, which device %s has not in this version; bfloat16 needs none"
                  .formatted(mesh));
      default ->
          throw EngineException.user(
              "--amp-dtype '%s': fits float32, bfloat16, float16".formatted(ampDType.get()));
    };
  }

  /** Returns how the devices are opened. */
  DeviceOptions options() {
    return new DeviceOptions(threads(Optional.ofNullable(threads)), cuda.options());
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
