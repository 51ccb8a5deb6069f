package io.ventral.backend.onednn;

import io.ventral.backend.Preparation;
import io.ventral.backend.onednn.MatrixKernels.Factor;
import io.ventral.backend.onednn.OneDnnKernels.Binding;
import io.ventral.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One product of a [rows, depth] and b [depth, columns] as oneDNN asks for it.
 *
 * @param dtype of the factors
 * @param result format of the product
 */
record MatrixProblem(
    Binding binding,
    DType dtype,
    DType result,
    long rows,
    long depth,
    long columns,
    Factor a,
    Factor b,
    Optional<Ending> ending) {
  /** One row reads b but once, as fast as memory gives it, in whatever order. */
  private static final int ROWS_WORTH_PACKING = 2;

  /** Returns the kernel, which may have b repacked ahead. */
  NativeKernel kernel() {
    Dnnl dnnl = binding.dnnl();
    MemorySegment plain = b.descriptor(dnnl, dtype, depth, columns);
    NativeKernel kernel = kernel(plain);
    if (rows < ROWS_WORTH_PACKING) {
      return kernel;
    }
    MemorySegment packed = descriptor(dnnl.any(dtype, depth, columns)).weights();
    return dnnl.equal(plain, packed)
        ? kernel
        : kernel.preparing(
            b.operand(), new Preparation(binding.repacking(plain, packed), kernel(packed)));
  }

  private NativeKernel kernel(MemorySegment right) {
    List<Argument> arguments = new ArrayList<>();
    arguments.add(Argument.input(Argument.SRC, left(), a.operand()));
    arguments.add(Argument.input(Argument.WEIGHTS, right, b.operand()));
    ending.ifPresent(e -> arguments.add(Argument.input(Argument.BIAS, bias(), e.bias())));
    arguments.add(Argument.output(Argument.DST, rowMajor(result, rows), 0));
    return ending
        .map(e -> e.kernel(binding))
        .orElseGet(binding::kernel)
        .primitive(descriptor(right), arguments.toArray(Argument[]::new))
        .build();
  }

  private PrimitiveDescriptor descriptor(MemorySegment right) {
    Object[] descriptors = {left(), right, bias(), rowMajor(result, rows)};
    String function = "dnnl_matmul_primitive_desc_create";
    return ending.isPresent()
        ? ending.get().primitive(binding.dnnl(), function, descriptors)
        : binding.dnnl().primitive(function, descriptors);
  }

  private MemorySegment left() {
    return a.descriptor(binding.dnnl(), dtype, rows, depth);
  }

  private MemorySegment bias() {
    return ending.isPresent() ? rowMajor(dtype.accumulator(), 1) : MemorySegment.NULL;
  }

  private MemorySegment rowMajor(DType format, long count) {
    return binding.dnnl().descriptor(format, new long[] {count, columns}, new long[] {columns, 1});
  }
}
