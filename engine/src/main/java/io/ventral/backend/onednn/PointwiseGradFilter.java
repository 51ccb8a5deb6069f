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
  private final long inputs;
  private final long outputs;
  private final int shares;

  /** Of each share. */
  private final long pixels;

  private PointwiseGradFilter(Binding binding, ConvolutionProblem problem) {
    long[] extents = problem.pointwise();
    dnnl = binding.dnnl();
    outputs = extents[0];
    inputs = extents[2];
    shares = binding.team().threads();
    pixels = extents[1] / shares;
  }

  private static boolean pays(Binding binding, ConvolutionProblem problem) {
    long[] extents = problem.pointwise();
    long channels = Math.max(extents[0], extents[2]);
    int shares = binding.team().threads();
    return shares > 1
        && extents[1] % shares == 0
        && extents[1] / shares >= PIXELS_PER_CHANNEL * channels;
  }

  /** Returns the kernel of a pointwise convolution in FLOAT32, if it pays. */
  static Optional<Kernel> kernel(Binding binding, ConvolutionProblem problem) {
    return pays(binding, problem)
        ? Optional.of(new PointwiseGradFilter(binding, problem).kernel(binding.kernel()))
        : Optional.empty();
  }

  /** The more channels make the columns: few columns leave registers empty. */
  private NativeKernel kernel(NativeKernel.Builder kernel) {
    boolean isTurned = outputs > inputs;
    Argument rows = share(Argument.SRC, isTurned ? 0 : 1, isTurned ? inputs : outputs, true);
    Argument columns =
        share(Argument.WEIGHTS, isTurned ? 1 : 0, isTurned ? outputs : inputs, false);
    long bytes = inputs * outputs * Float.BYTES;
    Argument.Scratch place = kernel.scratch(shares * bytes);
    long width = Math.max(inputs, outputs);
    MemorySegment products =
        descriptor(
            new long[] {shares, Math.min(inputs, outputs), width},
            new long[] {inputs * outputs, width, 1});
    kernel.primitive(
        dnnl.primitive(
            "dnnl_matmul_primitive_desc_create",
            rows.descriptor(),
            columns.descriptor(),
            MemorySegment.NULL,
            products),
        rows,
        columns,
        new Argument(Argument.DST, products, place));
    MemorySegment product = filter(isTurned);
    MemorySegment sum = filter(false);
    for (int share = 0; share < shares; share++) {
      kernel.primitive(
          share == 0 ? dnnl.reorder(product, sum) : dnnl.reorderOntoResult(product, sum),
          new Argument(Argument.SRC, product, place.plus(share * bytes)),
          Argument.output(Argument.DST, sum, 0));
    }
    return kernel.build();
  }

  /** Returns the shares of an operand that has so many channels, whose pixels are summed over. */
  private Argument share(int argument, int operand, long channels, boolean isLeft) {
    long[] extents = {shares, isLeft ? channels : pixels, isLeft ? pixels : channels};
    long[] strides = {pixels * channels, isLeft ? 1 : channels, isLeft ? channels : 1};
    return Argument.input(argument, descriptor(extents, strides), operand);
  }

  /** Returns the descriptor of a filter [outputs, inputs], or of one that lies turned. */
  private MemorySegment filter(boolean isTurned) {
    long[] strides = isTurned ? new long[] {1, outputs} : new long[] {inputs, 1};
    return descriptor(new long[] {outputs, inputs}, strides);
  }

  private MemorySegment descriptor(long[] extents, long[] strides) {
    return dnnl.descriptor(DType.FLOAT32, extents, strides);
  }
}
