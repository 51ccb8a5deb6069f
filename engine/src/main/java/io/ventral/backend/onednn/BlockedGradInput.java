package io.ventral.backend.onednn;

import io.ventral.backend.Kernel;
import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.library.PrimitiveDescriptor;
import io.ventral.backend.onednn.loop.Numbers;
import io.ventral.backend.onednn.primitive.Argument;
import io.ventral.backend.onednn.primitive.Binding;
import io.ventral.backend.onednn.primitive.ConvolutionProblem;
import io.ventral.backend.onednn.primitive.NativeKernel;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Gradient of an image of few channels. Channels-last they leave most of a register empty at every
 * pixel; in the order that oneDNN chooses, which pads them, the gradient takes half the time with
 * both reorderings.
 */
final class BlockedGradInput {
  private final Dnnl dnnl;
  private final ConvolutionProblem problem;

  private BlockedGradInput(ConvolutionProblem problem) {
    this.dnnl = problem.dnnl();
    this.problem = problem;
  }

  private static boolean pays(ConvolutionProblem problem) {
    return problem.isFloat32() && problem.groups() == 1 && problem.x().extent(1) < Numbers.REGISTER;
  }

  /** Returns the kernel, if it pays; nothing if oneDNN has only a slow loop for it. */
  static Optional<Kernel> kernel(Binding binding, ConvolutionProblem problem) {
    return pays(problem)
        ? new BlockedGradInput(problem).kernel(binding.kernel())
        : Optional.empty();
  }

  private Optional<Kernel> kernel(NativeKernel.Builder kernel) {
    MemorySegment dx = any(problem.x());
    MemorySegment dy = any(problem.y());
    PrimitiveDescriptor hint = problem.forward(dx, dy, Optional.empty());
    PrimitiveDescriptor descriptor = problem.gradInput(dx, dy, hint);
    if (descriptor.isSlow()) {
      return Optional.empty();
    }
    Argument gradient =
        ordered(
            kernel,
            Argument.input(Argument.DIFF_DST, dnnl.descriptor(problem.y()), 1),
            descriptor.diffDst());
    Argument filter =
        ordered(
            kernel,
            Argument.input(Argument.WEIGHTS, problem.plainFilter(), 0),
            descriptor.weights());
    MemorySegment layout = descriptor.diffSrc();
    Argument padded = new Argument(Argument.DIFF_SRC, layout, kernel.scratch(dnnl.bytes(layout)));
    MemorySegment plain = dnnl.descriptor(problem.x());
    return Optional.of(
        kernel
            .primitive(descriptor, gradient, filter, padded)
            .primitive(
                dnnl.reorder(layout, plain),
                new Argument(Argument.SRC, layout, padded.place()),
                Argument.output(Argument.DST, plain, 0))
            .build());
  }

  private MemorySegment any(TensorType type) {
    Shape shape = type.shape();
    return dnnl.any(
        type.dtype(), shape.extent(0), shape.extent(1), shape.extent(2), shape.extent(3));
  }

  /** Returns {@code operand} in scratch, in {@code layout}. */
  private Argument ordered(NativeKernel.Builder kernel, Argument operand, MemorySegment layout) {
    Argument ordered = new Argument(operand.index(), layout, kernel.scratch(dnnl.bytes(layout)));
    kernel.primitive(
        dnnl.reorder(operand.descriptor(), layout),
        new Argument(Argument.SRC, operand.descriptor(), operand.place()),
        new Argument(Argument.DST, layout, ordered.place()));
    return ordered;
  }
}
