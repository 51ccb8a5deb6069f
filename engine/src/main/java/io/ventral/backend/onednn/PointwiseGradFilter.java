package io.ventral.backend.onednn;

import io.ventral.backend.Kernel;
import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.primitive.Argument;
import io.ventral.backend.onednn.primitive.Binding;
import io.ventral.backend.onednn.primitive.ConvolutionProblem;
import io.ventral.backend.onednn.primitive.NativeKernel;
import io.ventral.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The gradient of a 1×1 filter over many pixels: a product of matrices for each thread's share of
 * them, then the sum of the products. One product of all has every thread read what the others read
 * as well; how long it takes depends on which side has more channels, here it does not.
 */
final class PointwiseGradFilter {
  /** Pixels of a share for each channel: with fewer, adding the products costs what is gained. */
  private static final long PIXELS_PER_CHANNEL = 8;

  private final Dnnl dnnl;
  private final Side x;
  private final Side dy;
  private final int shares;

  /** Of each share. */
  private final long pixels;

  /** An operand of the product, by its number among those of the node. */
  private record Side(int operand, long channels) {}

  private PointwiseGradFilter(Binding binding, long[] extents) {
    dnnl = binding.dnnl();
    x = new Side(0, extents[2]);
    dy = new Side(1, extents[0]);
    shares = binding.team().threads();
    pixels = extents[1] / shares;
  }

  /** Returns the kernel of a pointwise convolution in FLOAT32, if it pays. */
  static Optional<Kernel> kernel(Binding binding, ConvolutionProblem problem) {
    long[] extents = problem.pointwise();
    PointwiseGradFilter gradient = new PointwiseGradFilter(binding, extents);
    return gradient.shares > 1
            && extents[1] % gradient.shares == 0
            && gradient.pixels >= PIXELS_PER_CHANNEL * Math.max(extents[0], extents[2])
        ? Optional.of(gradient.kernel(binding.kernel()))
        : Optional.empty();
  }

  /** The more channels make the columns: few columns leave registers empty. */
  private NativeKernel kernel(NativeKernel.Builder kernel) {
    boolean isTurned = dy.channels > x.channels;
    Side left = isTurned ? x : dy;
    Side right = isTurned ? dy : x;
    long size = x.channels * dy.channels;
    MemorySegment rows = matrices(left.channels, pixels, 1, left.channels);
    MemorySegment columns = matrices(pixels, right.channels, right.channels, 1);
    MemorySegment products = matrices(left.channels, right.channels, right.channels, 1);
    Argument.Scratch place = kernel.scratch(shares * size * Float.BYTES);
    kernel.primitive(
        dnnl.primitive(
            "dnnl_matmul_primitive_desc_create", rows, columns, MemorySegment.NULL, products),
        Argument.input(Argument.SRC, rows, left.operand),
        Argument.input(Argument.WEIGHTS, columns, right.operand),
        new Argument(Argument.DST, products, place));
    MemorySegment product = filter(isTurned);
    MemorySegment sum = filter(false);
    for (int share = 0; share < shares; share++) {
      kernel.primitive(
          share == 0 ? dnnl.reorder(product, sum) : dnnl.reorderOntoResult(product, sum),
          new Argument(Argument.SRC, product, place.plus(share * size * Float.BYTES)),
          Argument.output(Argument.DST, sum, 0));
    }
    return kernel.build();
  }

  /** Returns the descriptor of a matrix for each share, one behind the other. */
  private MemorySegment matrices(long rows, long columns, long rowStride, long columnStride) {
    return descriptor(
        new long[] {shares, rows, columns}, new long[] {rows * columns, rowStride, columnStride});
  }

  /** Returns the descriptor of a filter [outputs, inputs], or of one that lies turned. */
  private MemorySegment filter(boolean isTurned) {
    long[] strides = isTurned ? new long[] {1, dy.channels} : new long[] {x.channels, 1};
    return descriptor(new long[] {dy.channels, x.channels}, strides);
  }

  private MemorySegment descriptor(long[] extents, long[] strides) {
    return dnnl.descriptor(DType.FLOAT32, extents, strides);
  }
}
