package io.ventral.backend.cuda;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;
import java.util.Arrays;
import java.util.Optional;

/**
 * The number formats in which kernels compute, ours and the libraries'; others are moved and cast.
 */
enum Format {
  FLOAT32(DType.FLOAT32),
  FLOAT16(DType.FLOAT16),
  BFLOAT16(DType.BFLOAT16);

  private static final int VECTOR_BYTES = 16;

  private final DType dtype;

  Format(DType dtype) {
    this.dtype = dtype;
  }

  /**
   * Returns {@code dtype} as a format in which kernels compute.
   *
   * @throws EngineException UNSUPPORTED if they do not
   */
  static Format of(DType dtype) {
    return find(dtype)
        .orElseThrow(
            () ->
                EngineException.unsupported(
                    "cuda computes in f32, f16 and bf16, not in " + dtype.shortName()));
  }

  /**
   * Checks that kernels compute in {@code dtype}.
   *
   * @throws EngineException UNSUPPORTED if they do not
   */
  static void require(DType dtype) {
    of(dtype);
  }

  private static Optional<Format> find(DType dtype) {
    return Arrays.stream(values()).filter(format -> format.dtype == dtype).findFirst();
  }

  /** Returns whether kernels compute in {@code dtype}. */
  static boolean isComputed(DType dtype) {
    return find(dtype).isPresent();
  }

  /**
   * Returns the ending of the names of the kernels that compute in {@code dtype}.
   *
   * @throws EngineException UNSUPPORTED if there are none
   */
  static String suffix(DType dtype) {
    return of(dtype).dtype.shortName();
  }

  /** Returns the elements of 16 bytes, which a thread takes at once. */
  static int vector(DType dtype) {
    return VECTOR_BYTES / dtype.bytes();
  }

  /** Returns the number of any format among the parameters of a kernel. */
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
