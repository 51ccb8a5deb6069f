package io.ventral.backend.onednn;

import io.ventral.backend.Kernel;
import io.ventral.backend.Preparation;
import io.ventral.backend.onednn.MatrixKernels.Factor;
import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.library.PrimitiveDescriptor;
import io.ventral.backend.onednn.primitive.Argument;
import io.ventral.backend.onednn.primitive.Binding;
import io.ventral.backend.onednn.primitive.ConvolutionProblem;
import io.ventral.backend.onednn.primitive.Ending;
import io.ventral.backend.onednn.primitive.NativeKernel;
import io.ventral.backend.onednn.winograd.ConvolutionChoice;
import io.ventral.backend.onednn.winograd.WinogradKernels;
import io.ventral.backend.onednn.winograd.WinogradProblem;
import io.ventral.op.Conv2d;
import io.ventral.op.Conv2dBias;
import io.ventral.op.Conv2dBiasAdd;
import io.ventral.op.Conv2dGradFilter;
import io.ventral.op.Conv2dGradInput;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Convolutions. Activations lie as they are, channels-last; filters are repacked into scratch as
 * oneDNN likes them (held to our own order it falls back to a slow loop), and gradients of filters
 * back. A window that covers the whole input is a matrix product.
 */
final class ConvolutionKernels {
  private final Binding binding;
  private final Dnnl dnnl;
  private final MatrixKernels matrix;
  private final ConvolutionChoice choice;
  private final WinogradKernels winograd;

  ConvolutionKernels(Binding binding, MatrixKernels matrix, ConvolutionChoice choice) {
    this.binding = binding;
    this.dnnl = binding.dnnl();
    this.matrix = matrix;
    this.choice = choice;
    this.winograd = new WinogradKernels(binding, choice);
  }

  Optional<Kernel> forward(Conv2d conv, List<TensorType> in, List<TensorType> out) {
    ConvolutionProblem problem =
        new ConvolutionProblem(
            dnnl, conv.window(), conv.groups(), in.get(0), in.get(1), out.getFirst());
    if (problem.isDense()) {
      return Optional.of(
          matrix.product(
              problem.x().dtype(),
              problem.y().dtype(),
              problem.dense(),
              new Factor(0, false),
              new Factor(1, true)));
    }
    return binding.offered(() -> forward(problem, Optional.empty()));
  }

  Optional<Kernel> bias(Conv2dBias fused, List<TensorType> in, List<TensorType> out) {
    return forward(fused.conv(), Ending.of(2, fused.relu()), in, out);
  }

  Optional<Kernel> biasAdd(Conv2dBiasAdd fused, List<TensorType> in, List<TensorType> out) {
    return forward(fused.conv(), new Ending(2, Optional.of(3), fused.relu()), in, out);
  }

  private Optional<Kernel> forward(
      Conv2d conv, Ending end, List<TensorType> in, List<TensorType> out) {
    if (in.get(end.bias()).dtype() != DType.FLOAT32) {
      // Biases are rounded for devices that want it alone.
      return Optional.empty();
    }
    ConvolutionProblem problem =
        new ConvolutionProblem(
            dnnl, conv.window(), conv.groups(), in.get(0), in.get(1), out.getFirst());
    Optional<Ending> ending = Optional.of(end);
    return problem.isDense()
        ? Optional.of(
            matrix.product(
                problem.x().dtype(),
                problem.y().dtype(),
                problem.dense(),
                new Factor(0, false),
                new Factor(1, true),
                ending))
        : binding.offered(() -> forward(problem, ending));
  }

  private Kernel forward(ConvolutionProblem problem, Optional<Ending> ending) {
    if (tiled(problem, /* prepared= */ false)) {
      return winograd.forward(problem, ending);
    }
    PrimitiveDescriptor descriptor = problem.forward(ending);
    List<Argument> arguments = new ArrayList<>();
    arguments.add(Argument.input(Argument.SRC, dnnl.descriptor(problem.x()), 0));
    ending.ifPresent(e -> arguments.add(Argument.input(Argument.BIAS, problem.bias(), e.bias())));
    arguments.add(Argument.output(Argument.DST, dnnl.descriptor(problem.y()), 0));
    Supplier<NativeKernel.Builder> begin = () -> Ending.kernel(ending, binding);
    return orTiledAhead(
        problem,
        1,
        packing(begin, descriptor, problem, 1, arguments),
        () -> winograd.forward(problem, ending));
  }

  Optional<Kernel> gradInput(Conv2dGradInput conv, List<TensorType> in, List<TensorType> out) {
    ConvolutionProblem problem =
        new ConvolutionProblem(
            dnnl, conv.window(), conv.groups(), out.getFirst(), in.get(0), in.get(1));
    if (problem.isDense()) {
      long[] dense = problem.dense();
      return Optional.of(
          matrix.product(
              problem.y().dtype(),
              problem.x().dtype(),
              new long[] {dense[0], dense[2], dense[1]},
              new Factor(1, false),
              new Factor(0, false)));
    }
    return binding.offered(() -> gradInput(problem));
  }

  private Kernel gradInput(ConvolutionProblem problem) {
    if (tiled(problem, /* prepared= */ false)) {
      return winograd.gradInput(problem);
    }
    return BlockedGradInput.kernel(binding, problem).orElseGet(() -> plainGradInput(problem));
  }

  private Kernel plainGradInput(ConvolutionProblem problem) {
    MemorySegment dx = dnnl.descriptor(problem.x());
    MemorySegment dy = dnnl.descriptor(problem.y());
    PrimitiveDescriptor descriptor = problem.gradInput(dx, dy, problem.forward(Optional.empty()));
    List<Argument> arguments =
        List.of(
            Argument.input(Argument.DIFF_DST, dy, 1), Argument.output(Argument.DIFF_SRC, dx, 0));
    return orTiledAhead(
        problem,
        0,
        packing(binding::kernel, descriptor, problem, 0, arguments),
        () -> winograd.gradInput(problem));
  }

  Optional<Kernel> gradFilter(Conv2dGradFilter conv, List<TensorType> in, List<TensorType> out) {
    ConvolutionProblem problem =
        new ConvolutionProblem(
            dnnl, conv.window(), conv.groups(), in.get(0), out.getFirst(), in.get(1));
    if (problem.isDense()) {
      long[] dense = problem.dense();
      return Optional.of(
          matrix.product(
              problem.x().dtype(),
              problem.filter().dtype(),
              new long[] {dense[2], dense[0], dense[1]},
              new Factor(1, true),
              new Factor(0, false)));
    }
    if (problem.isPointwise() && problem.isFloat32()) {
      return Optional.of(
          PointwiseGradFilter.kernel(binding, problem)
              .orElseGet(
                  () ->
                      matrix.product(
                          DType.FLOAT32,
                          DType.FLOAT32,
                          problem.pointwise(),
                          new Factor(1, true),
                          new Factor(0, false))));
    }
    return binding.offered(() -> gradFilter(problem));
  }

  private Kernel gradFilter(ConvolutionProblem problem) {
    if (tiled(problem, /* prepared= */ false)) {
      return winograd.gradFilter(problem);
    }
    MemorySegment x = dnnl.descriptor(problem.x());
    MemorySegment dy = dnnl.descriptor(problem.y());
    PrimitiveDescriptor descriptor =
        dnnl.primitive(
            "dnnl_convolution_backward_weights_primitive_desc_create",
            ConvolutionProblem.DIRECT,
            x,
            problem.anyFilter(),
            MemorySegment.NULL,
            dy,
            problem.strides(),
            problem.dilations(),
            problem.padsBefore(),
            problem.padsAfter(),
            problem.forward(Optional.empty()).handle());
    NativeKernel.Builder kernel = binding.kernel();
    MemorySegment plain = problem.plainFilter();
    MemorySegment layout = descriptor.diffWeights();
    boolean direct = dnnl.equal(plain, layout);
    Argument.Place place = direct ? new Argument.Output(0) : kernel.scratch(dnnl.bytes(layout));
    kernel.primitive(
        descriptor,
        Argument.input(Argument.SRC, x, 0),
        Argument.input(Argument.DIFF_DST, dy, 1),
        new Argument(Argument.DIFF_WEIGHTS, layout, place));
    if (!direct) {
      kernel.primitive(
          dnnl.reorder(layout, plain),
          new Argument(Argument.SRC, layout, place),
          Argument.output(Argument.DST, plain, 0));
    }
    return kernel.build();
  }

  /**
   * Returns the primitive on the filter in the order that it chose; what repacks it may be done
   * ahead.
   *
   * @param begin gives the kernel without the primitive
   * @param operand the number of the filter among the operands
   * @param others the other arguments
   */
  private NativeKernel packing(
      Supplier<NativeKernel.Builder> begin,
      PrimitiveDescriptor descriptor,
      ConvolutionProblem problem,
      int operand,
      List<Argument> others) {
    MemorySegment plain = problem.plainFilter();
    MemorySegment layout = descriptor.weights();
    Argument given = Argument.input(Argument.WEIGHTS, layout, operand);
    NativeKernel onPacked = begin.get().primitive(descriptor, Argument.with(others, given)).build();
    if (dnnl.equal(plain, layout)) {
      return onPacked;
    }
    NativeKernel.Builder kernel = begin.get();
    Argument.Place scratch = kernel.scratch(dnnl.bytes(layout));
    return kernel
        .primitive(
            dnnl.reorder(plain, layout),
            Argument.input(Argument.SRC, plain, operand),
            new Argument(Argument.DST, layout, scratch))
        .primitive(
            descriptor, Argument.with(others, new Argument(Argument.WEIGHTS, layout, scratch)))
        .build()
        .preparing(operand, new Preparation(binding.repacking(plain, layout), onPacked));
  }

  private boolean tiled(ConvolutionProblem problem, boolean prepared) {
    return WinogradProblem.fits(problem)
        && choice.tiles(WinogradProblem.forward(problem), prepared);
  }

  /** Returns {@code direct}, or where the filter is prepared ahead, what pays then. */
  private NativeKernel orTiledAhead(
      ConvolutionProblem problem, int filter, NativeKernel direct, Supplier<NativeKernel> tiled) {
    return tiled(problem, /* prepared= */ true)
        ? direct.preparing(filter, tiled.get().preparation(filter).orElseThrow())
        : direct;
  }
}
