package io.ventral.io;

import io.ventral.tensor.DType;
import java.util.List;
import java.util.Optional;

/**
 * One tensor as the header of a safetensors file describes it.
 *
 * @param dtype the format's name for the number format, such as {@code F32}
 * @param shape extents in row-major order; they may differ from the shape the engine gives the
 *     tensor
 * @param begin first byte, counted from the start of the data part
 * @param end byte behind the last one
 */
public record SafetensorsEntry(String name, String dtype, List<Long> shape, long begin, long end) {
  public SafetensorsEntry {
    shape = List.copyOf(shape);
  }

  /** Returns the number format, or nothing if the engine has none like it. */
  public Optional<DType> knownDType() {
    return switch (dtype) {
      case "F64" -> Optional.of(DType.FLOAT64);
      case "F32" -> Optional.of(DType.FLOAT32);
      case "F16" -> Optional.of(DType.FLOAT16);
      case "BF16" -> Optional.of(DType.BFLOAT16);
      case "I64" -> Optional.of(DType.INT64);
      case "I32" -> Optional.of(DType.INT32);
      case "U8" -> Optional.of(DType.UINT8);
      default -> Optional.empty();
    };
  }

  /** Returns the data bytes. */
  public long bytes() {
    return end - begin;
  }
}
