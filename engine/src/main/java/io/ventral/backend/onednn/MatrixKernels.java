package io.ventral.backend.onednn;

import io.ventral.backend.Kernel;
import io.ventral.backend.onednn.OneDnnKernels.Binding;
import io.ventral.op.MatMul;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
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

  /**
   * What is done with a product: operand {@code bias} is added to every row, the sum rectified if
   * asked for.
   */
  record Ending(int bias, boolean relu) {}

  Kernel product(
      DType dtype, DType result, long[] extents, Factor a, Factor b, Optional<Ending> ending) {
    Dnnl dnnl = binding.dnnl();
    MemorySegment left = a.descriptor(dnnl, dtype, extents[0], extents[1]);
    MemorySegment right = b.descriptor(dnnl, dtype, extents[1], extents[2]);
    MemorySegment product =
        dnnl.descriptor(result, new long[] {extents[0], extents[2]}, new long[] {extents[2], 1});
    MemorySegment bias =
        ending.isPresent()
            ? dnnl.descriptor(
                dtype.accumulator(), new long[] {1, extents[2]}, new long[] {extents[2], 1})
            : MemorySegment.NULL;
    Object[] descriptors = {left, right, bias, product};
    String function = "dnnl_matmul_primitive_desc_create";
    PrimitiveDescriptor descriptor =
        ending.isPresent() && ending.get().relu()
            ? dnnl.primitiveThenRelu(function, descriptors)
            : dnnl.primitive(function, descriptors);
    List<Argument> arguments = new ArrayList<>();
    arguments.add(Argument.input(Argument.SRC, left, a.operand()));
    arguments.add(Argument.input(Argument.WEIGHTS, right, b.operand()));
    ending.ifPresent(e -> arguments.add(Argument.input(Argument.BIAS, bias, e.bias())));
    arguments.add(Argument.output(Argument.DST, product, 0));
    return binding.kernel().primitive(descriptor, arguments.toArray(Argument[]::new)).build();
  }
}
