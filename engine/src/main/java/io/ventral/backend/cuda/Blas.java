package io.ventral.backend.cuda;

import static jcuda.jcublas.cublasComputeType.CUBLAS_COMPUTE_32F;
import static jcuda.jcublas.cublasComputeType.CUBLAS_COMPUTE_32F_FAST_TF32;
import static jcuda.jcublas.cublasGemmAlgo.CUBLAS_GEMM_DEFAULT;
import static jcuda.jcublas.cublasMath.CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION;
import static jcuda.jcublas.cublasOperation.CUBLAS_OP_N;
import static jcuda.jcublas.cublasOperation.CUBLAS_OP_T;
import static jcuda.jcublas.cublasStatus.CUBLAS_STATUS_ALLOC_FAILED;
import static jcuda.jcublas.cublasStatus.CUBLAS_STATUS_SUCCESS;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import jcuda.Pointer;
import jcuda.cudaDataType;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;

/**
 * CuBLAS; the only class that calls it. Every call fails with RESOURCE where memory is lacking and
 * with DEVICE otherwise, naming the call, its arguments and cuBLAS's own word for the error.
 *
 * @param who the device, named in errors
 */
record Blas(String who) {
  /** What is called, by the names in the library. */
  static final String SYMBOLS =
      """
      cublasCreate_v2 cublasDestroy_v2 cublasGetProperty cublasGetStatusName cublasGetStatusString
      cublasSetStream_v2 cublasSetWorkspace_v2 cublasSetMathMode cublasGemmEx
      """;

  private static final int PROPERTIES = 3;

  Blas {
    JCublas2.setExceptionsEnabled(false);
  }

  /** The state of the library for one GPU. */
  record Handle(cublasHandle value) {}

  /**
   * A product y [rows, columns] = a [rows, depth] · b [depth, columns], all row-major.
   *
   * @param factors the format of a and b
   * @param result the format of y, in which nothing is lost if it is FLOAT32
   * @param transposeA whether a lies in memory as [depth, rows]
   * @param transposeB whether b lies in memory as [columns, depth]
   * @param tf32 whether the factors, if FLOAT32, may be rounded to 11 bits
   */
  record Product(
      Format factors,
      Format result,
      int rows,
      int depth,
      int columns,
      boolean transposeA,
      boolean transposeB,
      boolean tf32) {}

  /** Returns for example 12.6.3. */
  String version() {
    int[] part = new int[1];
    StringBuilder version = new StringBuilder();
    for (int property = 0; property < PROPERTIES; property++) {
      check(JCublas2.cublasGetProperty(property, part), "cublasGetProperty", property);
      version.append(property == 0 ? "" : ".").append(part[0]);
    }
    return version.toString();
  }

  /** Partial sums of a product are added up in FLOAT32, whatever the format of the result. */
  Handle create() {
    cublasHandle handle = new cublasHandle();
    check(JCublas2.cublasCreate(handle), "cublasCreate");
    int mode = CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION;
    check(JCublas2.cublasSetMathMode(handle, mode), "cublasSetMathMode", mode);
    return new Handle(handle);
  }

  void destroy(Handle handle) {
    check(JCublas2.cublasDestroy(handle.value()), "cublasDestroy");
  }

  void use(Handle handle, Driver.Stream stream) {
    check(JCublas2.cublasSetStream(handle.value(), stream.forLibraries()), "cublasSetStream");
  }

  /** Gives the library scratch of its own on the GPU, so that it allocates none. */
  void workspace(Handle handle, long address, long bytes) {
    check(
        JCublas2.cublasSetWorkspace(handle.value(), at(address), bytes),
        "cublasSetWorkspace",
        bytes);
  }

  /** Enqueues a product. The library is column-major: yᵀ = bᵀ · aᵀ is the same in its terms. */
  void multiply(Handle handle, Product product, long a, long b, long y) {
    int type = type(product.factors());
    check(
        JCublas2.cublasGemmEx_new(
            handle.value(),
            product.transposeB() ? CUBLAS_OP_T : CUBLAS_OP_N,
            product.transposeA() ? CUBLAS_OP_T : CUBLAS_OP_N,
            product.columns(),
            product.rows(),
            product.depth(),
            Pointer.to(new float[] {1}),
            at(b),
            type,
            product.transposeB() ? product.depth() : product.columns(),
            at(a),
            type,
            product.transposeA() ? product.rows() : product.depth(),
            Pointer.to(new float[] {0}),
            at(y),
            type(product.result()),
            product.columns(),
            product.tf32() ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F,
            CUBLAS_GEMM_DEFAULT),
        "cublasGemmEx",
        product);
  }

  private static int type(Format format) {
    return switch (format) {
      case FLOAT32 -> cudaDataType.CUDA_R_32F;
      case FLOAT16 -> cudaDataType.CUDA_R_16F;
      case BFLOAT16 -> cudaDataType.CUDA_R_16BF;
    };
  }

  private static Pointer at(long address) {
    return new Pointer().withByteOffset(address);
  }

  private void check(int status, String call, Object... arguments) {
    if (status == CUBLAS_STATUS_SUCCESS) {
      return;
    }
    throw new EngineException(
        status == CUBLAS_STATUS_ALLOC_FAILED ? ErrorKind.RESOURCE : ErrorKind.DEVICE,
        "%s: %s: %s (%s)"
            .formatted(
                who,
                CallText.of(call, arguments),
                JCublas2.cublasGetStatusName(status),
                JCublas2.cublasGetStatusString(status)));
  }
}
