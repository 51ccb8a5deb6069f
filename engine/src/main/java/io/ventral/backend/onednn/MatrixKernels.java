package io.ventral.backend.onednn;

import io.ventral.backend.Kernel;
import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.primitive.Binding;
import io.ventral.backend.onednn.primitive.Ending;
import io.ventral.op.MatMul;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** Matrix products, dense layers on rank 4 among them. */
final class MatrixKernels {
  private final Binding binding;

  MatrixKernels(Binding binding) {
    this.binding = binding;
  }

  /**
   * A factor of a product.
   *
   * @param operand its number among the inputs of the node
   * @param transposed whether it lies in memory the other way round
   */
  record Factor(int operand, boolean transposed) {
    MemorySegment descriptor(Dnnl dnnl, DType dtype, long rows, long columns) {
      long[] strides = transposed ? new long[] {1, rows} : new long[] {columns, 1};
      return dnnl.descriptor(dtype, new long[] {rows, columns}, strides);
    }
  }

  Kernel bind(MatMul product, List<TensorType> in, List<TensorType> out) {
    TensorType y = out.getFirst();
    long depth = in.getFirst().extent(product.transposeA() ? 0 : 1);
    return product(
        in.getFirst().dtype(),
        y.dtype(),
        new long[] {y.extent(0), depth, y.extent(1)},
        new Factor(0, product.transposeA()),
        new Factor(1, product.transposeB()));
  }

  /**
   * Returns the kernel of a [rows, depth] · b [depth, columns], given as {rows, depth, columns}.
   *
   * @param dtype of the factors
   * @param result of the product
   */
  Kernel product(DType dtype, DType result, long[] extents, Factor a, Factor b) {
    return product(dtype, result, extents, a, b, Optional.empty());
  }

  Kernel product(
      DType dtype, DType result, long[] extents, Factor a, Factor b, Optional<Ending> ending) {
    return new MatrixProblem(
            binding, dtype, result, extents[0], extents[1], extents[2], a, b, ending)
        .kernel();
  }
}
