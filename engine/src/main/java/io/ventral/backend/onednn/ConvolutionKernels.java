package io.ventral.backend.onednn;

import io.ventral.backend.Kernel;
import io.ventral.backend.onednn.MatrixKernels.Ending;
import io.ventral.backend.onednn.MatrixKernels.Factor;
import io.ventral.backend.onednn.OneDnnKernels.Binding;
import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.op.Conv2d;
import io.ventral.op.Conv2dBias;
import io.ventral.op.Conv2dGradFilter;
import io.ventral.op.Conv2dGradInput;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.tensor.WindowAxis;
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
  private static final int DIRECT = 1;

  private final Binding binding;
  private final Dnnl dnnl;
  private final MatrixKernels matrix;

  ConvolutionKernels(Binding binding, MatrixKernels matrix) {
    this.binding = binding;
    this.dnnl = binding.dnnl();
    this.matrix = matrix;
  }

  /** One convolution with its three tensors, whichever of them is the result. */
  private record Problem(
      Window2d window, int groups, TensorType x, TensorType filter, TensorType y) {
    boolean isDense() {
      return groups == 1
          && covers(window.vertical(), x.extent(2))
          && covers(window.horizontal(), x.extent(3));
    }

    private static boolean covers(WindowAxis axis, int in) {
      return axis.kernel() == in
          && axis.padBefore() == 0
          && axis.padAfter() == 0
          && axis.dilation() == 1;
    }

    /** Returns {samples, inputs, outputs} of a dense layer. */
    long[] dense() {
      return new long[] {x.extent(0), x.shape().elementsPerSample(), y.extent(1)};
    }
  }

  Optional<Kernel> forward(Conv2d conv, List<TensorType> in, List<TensorType> out) {
    Problem problem =
        new Problem(conv.window(), conv.groups(), in.get(0), in.get(1), out.getFirst());
    if (problem.isDense()) {
      return Optional.of(
          matrix.product(
              problem.x().dtype(), problem.dense(), new Factor(0, false), new Factor(1, true)));
    }
    return fast(() -> forward(problem, Optional.empty()));
  }

  Optional<Kernel> bias(Conv2dBias fused, List<TensorType> in, List<TensorType> out) {
    Conv2d conv = fused.conv();
    Problem problem =
        new Problem(conv.window(), conv.groups(), in.get(0), in.get(1), out.getFirst());
    Optional<Ending> ending = Optional.of(new Ending(2, fused.relu()));
    return problem.isDense()
        ? Optional.of(
            matrix.product(
                problem.x().dtype(),
                problem.dense(),
                new Factor(0, false),
                new Factor(1, true),
                ending))
        : fast(() -> forward(problem, ending));
  }

  private Optional<Kernel> forward(Problem problem, Optional<Ending> ending) {
    PrimitiveDescriptor descriptor = descriptor(problem, ending);
    if (descriptor.isSlow()) {
      return Optional.empty();
    }
    NativeKernel.Builder kernel = binding.kernel();
    List<Argument> arguments = new ArrayList<>();
    arguments.add(Argument.input(Argument.SRC, dnnl.descriptor(problem.x()), 0));
    arguments.add(packed(kernel, problem.filter(), problem.groups(), 1, descriptor.weights()));
    ending.ifPresent(
        e -> arguments.add(Argument.input(Argument.BIAS, biasDescriptor(problem), e.bias())));
    arguments.add(Argument.output(Argument.DST, dnnl.descriptor(problem.y()), 0));
    return Optional.of(kernel.primitive(descriptor, arguments.toArray(Argument[]::new)).build());
  }

  private MemorySegment biasDescriptor(Problem problem) {
    return dnnl.descriptor(TensorType.of(problem.y().dtype(), problem.y().extent(1)));
  }

  Optional<Kernel> gradInput(Conv2dGradInput conv, List<TensorType> in, List<TensorType> out) {
    Problem problem =
        new Problem(conv.window(), conv.groups(), out.getFirst(), in.get(0), in.get(1));
    if (problem.isDense()) {
      long[] dense = problem.dense();
      return Optional.of(
          matrix.product(
              problem.x().dtype(),
              new long[] {dense[0], dense[2], dense[1]},
              new Factor(1, false),
              new Factor(0, false)));
    }
    return fast(() -> gradInput(problem));
  }

  private Optional<Kernel> gradInput(Problem problem) {
    MemorySegment dx = dnnl.descriptor(problem.x());
    MemorySegment dy = dnnl.descriptor(problem.y());
    PrimitiveDescriptor descriptor =
        dnnl.primitive(
            "dnnl_convolution_backward_data_primitive_desc_create",
            DIRECT,
            dx,
            anyFilter(problem),
            dy,
            strides(problem.window()),
            dilations(problem.window()),
            padsBefore(problem.window()),
            padsAfter(problem.window()),
            descriptor(problem).handle());
    if (descriptor.isSlow()) {
      return Optional.empty();
    }
    NativeKernel.Builder kernel = binding.kernel();
    Argument filter = packed(kernel, problem.filter(), problem.groups(), 0, descriptor.weights());
    return Optional.of(
        kernel
            .primitive(
                descriptor,
                Argument.input(Argument.DIFF_DST, dy, 1),
                filter,
                Argument.output(Argument.DIFF_SRC, dx, 0))
            .build());
  }

  Optional<Kernel> gradFilter(Conv2dGradFilter conv, List<TensorType> in, List<TensorType> out) {
    Problem problem =
        new Problem(conv.window(), conv.groups(), in.get(0), out.getFirst(), in.get(1));
    if (problem.isDense()) {
      long[] dense = problem.dense();
      return Optional.of(
          matrix.product(
              problem.x().dtype(),
              new long[] {dense[2], dense[0], dense[1]},
              new Factor(1, true),
              new Factor(0, false)));
    }
    return fast(() -> gradFilter(problem));
  }

  private Optional<Kernel> gradFilter(Problem problem) {
    MemorySegment x = dnnl.descriptor(problem.x());
    MemorySegment dy = dnnl.descriptor(problem.y());
    PrimitiveDescriptor descriptor =
        dnnl.primitive(
            "dnnl_convolution_backward_weights_primitive_desc_create",
            DIRECT,
            x,
            anyFilter(problem),
            MemorySegment.NULL,
            dy,
            strides(problem.window()),
            dilations(problem.window()),
            padsBefore(problem.window()),
            padsAfter(problem.window()),
            descriptor(problem).handle());
    if (descriptor.isSlow()) {
      return Optional.empty();
    }
    NativeKernel.Builder kernel = binding.kernel();
    MemorySegment plain = filter(problem.filter(), problem.groups());
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
    return Optional.of(kernel.build());
  }

  /** Adds the repacking of the filter, if there is any, and returns it as an argument. */
  private Argument packed(
      NativeKernel.Builder kernel, TensorType type, int groups, int operand, MemorySegment layout) {
    MemorySegment plain = filter(type, groups);
    if (dnnl.equal(plain, layout)) {
      return Argument.input(Argument.WEIGHTS, plain, operand);
    }
    Argument.Place place = kernel.scratch(dnnl.bytes(layout));
    kernel.primitive(
        dnnl.reorder(plain, layout),
        Argument.input(Argument.SRC, plain, operand),
        new Argument(Argument.DST, layout, place));
    return new Argument(Argument.WEIGHTS, layout, place);
  }

  /** Returns the forward descriptor, which the gradients ask for as a hint. */
  private PrimitiveDescriptor descriptor(Problem problem) {
    return descriptor(problem, Optional.empty());
  }

  private PrimitiveDescriptor descriptor(Problem problem, Optional<Ending> ending) {
    Object[] arguments = {
      Dnnl.FORWARD_TRAINING,
      DIRECT,
      dnnl.descriptor(problem.x()),
      anyFilter(problem),
      ending.isPresent() ? biasDescriptor(problem) : MemorySegment.NULL,
      dnnl.descriptor(problem.y()),
      strides(problem.window()),
      dilations(problem.window()),
      padsBefore(problem.window()),
      padsAfter(problem.window())
    };
    String function = "dnnl_convolution_forward_primitive_desc_create";
    return ending.isPresent() && ending.get().relu()
        ? dnnl.primitiveThenRelu(function, arguments)
        : dnnl.primitive(function, arguments);
  }

  private MemorySegment anyFilter(Problem problem) {
    return dnnl.any(
        problem.filter().dtype(), filterExtents(problem.filter().shape(), problem.groups()));
  }

  /** Returns the descriptor of a filter in our order; groups are an axis of their own to oneDNN. */
  private MemorySegment filter(TensorType type, int groups) {
    Shape shape = type.shape();
    long[] own = shape.memoryStrides();
    long[] strides =
        groups == 1
            ? own
            : new long[] {own[0] * (shape.extent(0) / groups), own[0], own[1], own[2], own[3]};
    return dnnl.descriptor(type.dtype(), filterExtents(shape, groups), strides);
  }

  private static long[] filterExtents(Shape shape, int groups) {
    return groups == 1
        ? new long[] {shape.extent(0), shape.extent(1), shape.extent(2), shape.extent(3)}
        : new long[] {
          groups, shape.extent(0) / groups, shape.extent(1), shape.extent(2), shape.extent(3)
        };
  }

  private MemorySegment strides(Window2d window) {
    return dnnl.numbers(window.vertical().stride(), window.horizontal().stride());
  }

  /** OneDNN counts the elements between two taps. */
  private MemorySegment dilations(Window2d window) {
    return dnnl.numbers(window.vertical().dilation() - 1, window.horizontal().dilation() - 1);
  }

  private MemorySegment padsBefore(Window2d window) {
    return dnnl.numbers(window.vertical().padBefore(), window.horizontal().padBefore());
  }

  private MemorySegment padsAfter(Window2d window) {
    return dnnl.numbers(window.vertical().padAfter(), window.horizontal().padAfter());
  }

  /** What oneDNN has no implementation for is left to the reference. */
  static Optional<Kernel> fast(Supplier<Optional<Kernel>> binding) {
    try {
      return binding.get();
    } catch (EngineException e) {
      if (e.kind() == ErrorKind.UNSUPPORTED) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
