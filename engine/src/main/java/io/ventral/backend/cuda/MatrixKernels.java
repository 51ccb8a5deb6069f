package io.ventral.backend.cuda;

import static io.ventral.backend.cuda.Argument.in;
import static io.ventral.backend.cuda.Argument.out;

import io.ventral.backend.Kernel;
import io.ventral.op.MatMul;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;

/** Matrix products by cuBLAS, dense layers on rank 4 among them. */
final class MatrixKernels {
  /** The scratch that cuBLAS asks for: more from Hopper on. */
  private static final long SCRATCH_BYTES = 4L << 20;

  private static final long HOPPER_SCRATCH_BYTES = 32L << 20;
  private static final int HOPPER = 90;

  private final OpenGpu gpu;

  MatrixKernels(OpenGpu gpu) {
    this.gpu = gpu;
  }

  Kernel bind(MatMul product, List<TensorType> in, List<TensorType> out) {
    TensorType y = out.getFirst();
    int depth = in.getFirst().extent(product.transposeA() ? 0 : 1);
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    Extents extents = new Extents(y.extent(0), depth, y.extent(1));
    add(
        kernel,
        product(
            in.getFirst().dtype(), y.dtype(), extents, product.transposeA(), product.transposeB()),
        in(0),
        in(1),
        out(0));
    return kernel.build();
  }

  /** The extents of a [rows, depth] · b [depth, columns]. */
  record Extents(int rows, int depth, int columns) {}

  Blas.Product product(
      DType dtype, DType result, Extents extents, boolean transposeA, boolean transposeB) {
    return new Blas.Product(
        Format.of(dtype),
        Format.of(result),
        extents.rows(),
        extents.depth(),
        extents.columns(),
        transposeA,
        transposeB,
        gpu.options().tf32() && dtype == DType.FLOAT32);
  }

  void add(
      CudaKernel.Builder kernel,
      Blas.Product product,
      Argument.Address a,
      Argument.Address b,
      Argument.Address y) {
    long bytes = gpu.capability() >= HOPPER ? HOPPER_SCRATCH_BYTES : SCRATCH_BYTES;
    Argument.Address scratch = kernel.scratch(bytes);
    Blas.Handle handle = gpu.blasHandle();
    kernel.step(
        "cuBLAS",
        operands -> {
          long workspace = scratch.value(operands);
          long left = a.value(operands);
          long right = b.value(operands);
          long result = y.value(operands);
          return () -> {
            gpu.blas().workspace(handle, workspace, bytes);
            gpu.blas().multiply(handle, product, left, right, result);
          };
        });
  }
}
