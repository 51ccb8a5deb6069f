package io.ventral.backend.cuda;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;

/** Number formats as the kernels know them. */
final class Format {
  private static final int VECTOR_BYTES = 16;

  private Format() {}

  /**
   * Returns the ending of the names of the kernels that compute in {@code dtype}.
   *
   * @throws EngineException UNSUPPORTED if there are none
   */
  static String suffix(DType dtype) {
    return switch (dtype) {
      case FLOAT32, FLOAT16, BFLOAT16 -> dtype.shortName();
      case FLOAT64, INT64, INT32, UINT8, OPAQUE -> throw unsupported(dtype);
    };
  }

  /** Returns the error about a format in which no GPU computes. */
  static EngineException unsupported(DType dtype) {
    return EngineException.unsupported(
        "cuda computes in f32, f16 and bf16, not in " + dtype.shortName());
  }

  /** Returns the elements of 16 bytes, which a thread takes at once. */
  static int vector(DType dtype) {
    return VECTOR_BYTES / dtype.bytes();
  }

  /** Returns the number of the format among the parameters of a kernel. */
  static int code(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> 0;
      case FLOAT32 -> 1;
      case FLOAT16 -> 2;
      case BFLOAT16 -> 3;
      case INT64 -> 4;
      case INT32 -> 5;
      case UINT8 -> 6;
      case OPAQUE -> throw EngineException.internal("an opaque value has no elements");
    };
  }
}
