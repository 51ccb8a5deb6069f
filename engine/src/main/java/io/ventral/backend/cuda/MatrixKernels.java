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
        product(y.dtype(), extents, product.transposeA(), product.transposeB()),
        in(0),
        in(1),
        out(0));
    return kernel.build();
  }

  /** The extents of a [rows, depth] · b [depth, columns]. */
  record Extents(int rows, int depth, int columns) {}

  Blas.Product product(DType dtype, Extents extents, boolean transposeA, boolean transposeB) {
    Format.suffix(dtype);
    return new Blas.Product(
        dtype,
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
    add(kernel, product, List.of(a, b, y), false);
  }

  /** Adds a product of the first two operands, which goes to the third or on top of it. */
  void add(
      CudaKernel.Builder kernel,
      Blas.Product product,
      List<Argument.Address> places,
      boolean onTop) {
    long bytes = gpu.capability() >= HOPPER ? HOPPER_SCRATCH_BYTES : SCRATCH_BYTES;
    Argument.Address scratch = kernel.scratch(bytes);
    Blas.Handle handle = gpu.blasHandle();
    kernel.step(
        "cuBLAS",
        operands -> {
          long workspace = scratch.value(operands);
          long a = places.get(0).value(operands);
          long b = places.get(1).value(operands);
          long y = places.get(2).value(operands);
          return () -> {
            gpu.blas().workspace(handle, workspace, bytes);
            gpu.blas().multiply(handle, product, a, b, y, onTop);
          };
        });
  }
}
