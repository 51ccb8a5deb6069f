package io.ventral.cli;

import io.ventral.error.EngineException;
import io.ventral.place.Mesh;
import io.ventral.run.DeviceOptions;
import io.ventral.tensor.Precision;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags that say where and in which number format something is computed. */
final class DeviceFlags {
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
              + " float32, on reference float64). float16 trains with dynamic loss scaling, on cuda"
              + " and reference.")
  String ampDType;

  @Option(
      names = "--amp",
      description =
          "The device's best 16-bit format: bfloat16, on GPUs before compute capability 8.0"
              + " float16.")
  boolean amp;

  @Mixin final CudaFlags cuda = new CudaFlags();

  /** Returns the devices, without opening them; says on stderr which were chosen and why. */
  ChosenDevices devices(Messages messages) {
    return ChosenDevices.of(
        Optional.ofNullable(device), threads(Optional.ofNullable(threads)), messages);
  }

  /** Returns the number format that is asked for, if one is; says on stderr what --amp chose. */
  Optional<AmpDType> ampDType(Mesh mesh, Messages messages) {
    return Optional.ofNullable(ampDType)
        .map(word -> AmpDType.named(word, mesh))
        .or(() -> amp ? Optional.of(AmpDType.best(mesh, messages)) : Optional.empty());
  }

  /** Returns the number formats of a run on {@code mesh}; says on stderr what --amp chose. */
  Precision precision(Mesh mesh, Messages messages) {
    return AmpDType.precision(mesh, ampDType(mesh, messages));
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
