package io.ventral.backend.onednn.winograd;

import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.primitive.Argument;
import io.ventral.backend.onednn.primitive.NativeKernel;
import io.ventral.backend.onednn.primitive.PrimitiveStep;
import io.ventral.tensor.DType;
import java.lang.foreign.MemorySegment;

/** Matrices of one size, one for each of the 36 points, one behind the other. */
record PointMatrices(Argument.Place place, long rows, long columns) {
  /** Returns matrices in scratch of {@code kernel}. */
  static PointMatrices scratch(NativeKernel.Builder kernel, long rows, long columns) {
    return new PointMatrices(kernel.scratch(bytes(rows * columns)), rows, columns);
  }

  /** Returns the bytes of matrices of so many elements. */
  static long bytes(long elements) {
    return WinogradTransform.POINTS * elements * Float.BYTES;
  }

  /** Returns the first {@code count} rows of each matrix, as an argument. */
  Argument first(Dnnl dnnl, int argument, long count) {
    return argument(dnnl, argument, new long[] {count, columns}, columns, 1);
  }

  /** Returns the first {@code count} rows of each matrix as its columns. */
  Argument transposed(Dnnl dnnl, int argument, long count) {
    return argument(dnnl, argument, new long[] {columns, count}, 1, columns);
  }

  private Argument argument(Dnnl dnnl, int argument, long[] extents, long row, long column) {
    MemorySegment descriptor =
        dnnl.descriptor(
            DType.FLOAT32,
            new long[] {WinogradTransform.POINTS, extents[0], extents[1]},
            new long[] {rows * columns, row, column});
    return new Argument(argument, descriptor, place);
  }

  /** Returns the step that multiplies matrices point by point. */
  static PrimitiveStep product(
      Dnnl dnnl, NativeKernel.Builder kernel, boolean adding, Argument a, Argument b, Argument c) {
    String function = "dnnl_matmul_primitive_desc_create";
    Object[] descriptors = {a.descriptor(), b.descriptor(), MemorySegment.NULL, c.descriptor()};
    return kernel.step(
        adding
            ? dnnl.primitiveOntoResult(/* relu= */ false, function, descriptors)
            : dnnl.primitive(function, descriptors),
        a,
        b,
        c);
  }
}
