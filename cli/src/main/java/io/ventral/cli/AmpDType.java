package io.ventral.cli;

import io.ventral.error.EngineException;
import io.ventral.place.DeviceKind;
import io.ventral.place.Mesh;
import io.ventral.run.Devices;
import io.ventral.tensor.DType;
import io.ventral.tensor.Precision;
import java.util.Locale;
import java.util.Optional;

/** What {@code --amp-dtype} says, and what {@code --amp} chooses. */
final class AmpDType {
  private AmpDType() {}

  /** Returns the word for the format of 16 bits that is best on {@code mesh}; says it on stderr. */
  static String best(Mesh mesh, Messages messages) {
    DType best = Devices.narrow(mesh);
    String word = best.name().toLowerCase(Locale.ROOT);
    messages.info(
        "--amp: %s on %s%s"
            .formatted(
                word,
                mesh,
                best == DType.FLOAT16
                    ? ", of compute capability below 8.0, with loss scaling"
                    : ""));
    return word;
  }

  /**
   * Returns the number formats of a run on {@code mesh}.
   *
   * @param word what the flag says, if anything
   * @throws EngineException USER for a format that the flag does not know, UNSUPPORTED for one that
   *     the devices do not compute in
   */
  static Precision precision(Mesh mesh, Optional<String> word) {
    if (word.isEmpty()) {
      return Precision.uniform(Devices.defaultDType(mesh.kind()));
    }
    return switch (word.get()) {
      case "float32" -> Precision.uniform(DType.FLOAT32);
      case "bfloat16" -> bfloat16(mesh);
      case "float16" -> float16(mesh);
      default ->
          throw EngineException.user(
              "--amp-dtype '%s': fits float32, bfloat16, float16".formatted(word.get()));
    };
  }

  private static Precision bfloat16(Mesh mesh) {
    if (Devices.narrow(mesh) != DType.BFLOAT16) {
      throw EngineException.unsupported(
          "--amp-dtype bfloat16: %s has a GPU of compute capability below 8.0 (Ampere); float16 fits"
              .formatted(mesh));
    }
    return Precision.mixed(DType.BFLOAT16);
  }

  private static Precision float16(Mesh mesh) {
    if (mesh.kind() == DeviceKind.CPU) {
      throw EngineException.unsupported(
          "--amp-dtype float16: %s computes in float32 and bfloat16 alone, for few processors have instructions for float16; cuda and reference compute in it"
              .formatted(mesh));
    }
    return Precision.mixed(DType.FLOAT16);
  }
}
