package io.ventral.cli;

import io.ventral.error.EngineException;
import io.ventral.place.DeviceKind;
import io.ventral.place.Mesh;
import io.ventral.run.Devices;
import io.ventral.tensor.DType;
import io.ventral.tensor.Precision;
import java.util.Locale;
import java.util.Optional;

/**
 * What {@code --amp-dtype} says, or {@code --amp} chooses, for devices that compute in it. Devices
 * are asked when it is made, and not again.
 */
record AmpDType(DType dtype) {
  /**
   * Returns the format that {@code word} names.
   *
   * @throws EngineException USER for a format that the flag does not know, UNSUPPORTED for one that
   *     the devices do not compute in
   */
  static AmpDType named(String word, Mesh mesh) {
    return switch (word) {
      case "float32" -> new AmpDType(DType.FLOAT32);
      case "bfloat16" -> bfloat16(mesh);
      case "float16" -> float16(mesh);
      default ->
          throw EngineException.user(
              "--amp-dtype '%s': fits float32, bfloat16, float16".formatted(word));
    };
  }

  private static AmpDType bfloat16(Mesh mesh) {
    if (Devices.narrow(mesh) != DType.BFLOAT16) {
      throw EngineException.unsupported(
          "--amp-dtype bfloat16: %s has a GPU of compute capability below 8.0 (Ampere); float16 fits"
              .formatted(mesh));
    }
    return new AmpDType(DType.BFLOAT16);
  }

  private static AmpDType float16(Mesh mesh) {
    if (mesh.kind() == DeviceKind.CPU) {
      throw EngineException.unsupported(
          "--amp-dtype float16: %s computes in float32 and bfloat16 alone, for few processors have instructions for float16; cuda and reference compute in it"
              .formatted(mesh));
    }
    return new AmpDType(DType.FLOAT16);
  }

  /** Returns the format of 16 bits that is best on {@code mesh}; says it on stderr. */
  static AmpDType best(Mesh mesh, Messages messages) {
    AmpDType best = new AmpDType(Devices.narrow(mesh));
    messages.info(
        "--amp: %s on %s%s"
            .formatted(
                best,
                mesh,
                best.dtype == DType.FLOAT16
                    ? ", of compute capability below 8.0, with loss scaling"
                    : ""));
    return best;
  }

  /** Returns the number formats of a run on {@code mesh}, given what is asked for, if anything. */
  static Precision precision(Mesh mesh, Optional<AmpDType> asked) {
    return asked
        .map(amp -> Precision.mixed(amp.dtype))
        .orElseGet(() -> Precision.uniform(Devices.defaultDType(mesh.kind())));
  }

  /** Returns the word for it. */
  @Override
  public String toString() {
    return dtype.name().toLowerCase(Locale.ROOT);
  }
}
