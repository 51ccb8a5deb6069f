package io.ventral.io;

import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import java.lang.foreign.ValueLayout;

/** Converts tensors between number formats with one rounding. */
final class Conversion {
  private Conversion() {}

  /** Returns {@code tensor} itself if it has this format, else a converted one and closes it. */
  static HostTensor replace(HostTensor tensor, DType dtype) {
    if (tensor.type().dtype() == dtype) {
      return tensor;
    }
    try (tensor) {
      return copy(tensor, dtype);
    }
  }

  /** Returns a new tensor of this format. Integer formats truncate and saturate. */
  static HostTensor copy(HostTensor tensor, DType dtype) {
    HostTensor result = HostTensor.zeros(tensor.type().with(dtype));
    long elements = tensor.type().elements();
    // Through a double, INT64 would be rounded to 53 bits and then again to the format asked for.
    if (tensor.type().dtype() == DType.INT64 && dtype != DType.FLOAT64) {
      for (long i = 0; i < elements; i++) {
        result.set(i, roundedToOdd(tensor.memory().getAtIndex(ValueLayout.JAVA_LONG, i)));
      }
    } else {
      for (long i = 0; i < elements; i++) {
        result.set(i, tensor.get(i));
      }
    }
    return result;
  }

  /**
   * Returns a double that any format of at most 41 bits rounds as it would round {@code value}:
   * large values lose ten bits, and the last bit left is set if those were not zero (Boldo,
   * Melquiond: When double rounding is odd; 2005).
   */
  private static double roundedToOdd(long value) {
    if (Math.abs(value) >>> 53 == 0) {
      return value;
    }
    long lost = value & 0x3FF;
    return lost == 0 ? value : (value - lost) | 0x400;
  }
}
