package io.ventral.backend.onednn;

import io.ventral.backend.Preparation;
import io.ventral.backend.onednn.MatrixKernels.Factor;
import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.library.PrimitiveDescriptor;
import io.ventral.backend.onednn.primitive.Argument;
import io.ventral.backend.onednn.primitive.Binding;
import io.ventral.backend.onednn.primitive.Ending;
import io.ventral.backend.onednn.primitive.NativeKernel;
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
  /**
   * OneDNN's product of a row, which reads b in whatever order it lies as fast as memory gives it;
   * what it ranks first reads a fifth less a second (docs/performance.md).
   */
  private static final String PRODUCT_OF_A_ROW = "gemm:jit";

  /** Returns the kernel, which may have b repacked ahead. */
  NativeKernel kernel() {
    Dnnl dnnl = binding.dnnl();
    MemorySegment plain = b.descriptor(dnnl, dtype, depth, columns);
    NativeKernel kernel = kernel(plain);
    if (rows == 1) {
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
    return Ending.kernel(ending, binding)
        .primitive(descriptor(right), arguments.toArray(Argument[]::new))
        .build();
  }

  private PrimitiveDescriptor descriptor(MemorySegment right) {
    if (rows == 1 && dtype == DType.FLOAT32) {
      PrimitiveDescriptor ofRow = firstDescriptor(right);
      if (ofRow.turnsInto(PRODUCT_OF_A_ROW)) {
        return ofRow;
      }
    }
    return firstDescriptor(right);
  }

  /** Returns what oneDNN ranks first. */
  private PrimitiveDescriptor firstDescriptor(MemorySegment right) {
    return Ending.primitive(
        ending,
        binding.dnnl(),
        "dnnl_matmul_primitive_desc_create",
        left(),
        right,
        bias(),
        rowMajor(result, rows));
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
