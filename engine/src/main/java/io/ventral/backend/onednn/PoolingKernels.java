package io.ventral.backend.onednn;

import io.ventral.backend.Kernel;
import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.library.PrimitiveDescriptor;
import io.ventral.backend.onednn.loop.Numbers;
import io.ventral.backend.onednn.loop.WinnersLoop;
import io.ventral.backend.onednn.primitive.Argument;
import io.ventral.backend.onednn.primitive.Binding;
import io.ventral.backend.onednn.primitive.NativeKernel;
import io.ventral.op.AvgPool;
import io.ventral.op.AvgPoolGrad;
import io.ventral.op.MaxPool;
import io.ventral.op.MaxPoolGrad;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.tensor.WindowAxis;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** Pooling. What maximum pooling saves is oneDNN's workspace. */
final class PoolingKernels {
  private static final int MAX = 511;
  private static final int AVG_INCLUDE_PADDING = 767;
  private static final int AVG_EXCLUDE_PADDING = 1023;

  private final Binding binding;
  private final Dnnl dnnl;

  PoolingKernels(Binding binding) {
    this.binding = binding;
    this.dnnl = binding.dnnl();
  }

  /** One pooling with its two tensors. */
  private record Problem(int algorithm, Window2d window, TensorType x, TensorType y) {
    Problem as(DType dtype) {
      return new Problem(algorithm, window, x.with(dtype), y.with(dtype));
    }

    /** Returns the padding behind an axis that the windows reach, more than asked for with CEIL. */
    static int reach(WindowAxis axis, int in, int out) {
      return Math.max(
          axis.padAfter(), (out - 1) * axis.stride() + axis.span() - in - axis.padBefore());
    }
  }

  Kernel max(MaxPool pool, List<TensorType> in, List<TensorType> out) {
    Problem problem = new Problem(MAX, pool.window(), in.getFirst(), out.getFirst());
    PrimitiveDescriptor descriptor = forward(problem);
    MemorySegment saved = descriptor.workspace();
    return maximum(
            problem,
            descriptor,
            Argument.input(Argument.SRC, dnnl.descriptor(problem.x()), 0),
            Argument.output(Argument.DST, dnnl.descriptor(problem.y()), 0),
            Argument.output(Argument.WORKSPACE, saved, 1))
        .saves(dnnl.bytes(saved))
        .build();
  }

  Kernel maxGrad(MaxPoolGrad pool, List<TensorType> in, List<TensorType> out) {
    Problem problem = new Problem(MAX, pool.window(), out.getFirst(), in.get(1));
    PrimitiveDescriptor hint = forward(problem);
    if (scatters(problem, hint)) {
      return binding
          .kernel()
          .loop(
              "loop: to the winners",
              operands -> new WinnersLoop(binding.team(), pool.window(), operands))
          .build();
    }
    return maximum(
            problem,
            backward(problem, hint),
            Argument.input(Argument.WORKSPACE, hint.workspace(), 0),
            Argument.input(Argument.DIFF_DST, dnnl.descriptor(problem.y()), 1),
            Argument.output(Argument.DIFF_SRC, dnnl.descriptor(problem.x()), 0))
        .build();
  }

  /** Windows with holes are left to oneDNN's slow loop: rare, and only it reads what it saved. */
  private NativeKernel.Builder maximum(
      Problem problem, PrimitiveDescriptor descriptor, Argument... arguments) {
    boolean holes =
        problem.window().vertical().dilation() > 1 || problem.window().horizontal().dilation() > 1;
    NativeKernel.Builder kernel = binding.kernel();
    return holes
        ? kernel.primitiveEvenIfSlow(descriptor, arguments)
        : kernel.primitive(descriptor, arguments);
  }

  /** A byte for each output says where its winner was, or the primitive has to read it. */
  private boolean scatters(Problem problem, PrimitiveDescriptor hint) {
    TensorType y = problem.y();
    return problem.x().dtype() == DType.FLOAT32
        && y.extent(1) < Numbers.REGISTER
        && WinnersLoop.tile(problem.window(), problem.x(), y)
        && dnnl.equal(dnnl.descriptor(y.with(DType.UINT8)), hint.workspace());
  }

  Optional<Kernel> avg(AvgPool pool, List<TensorType> in, List<TensorType> out) {
    return average(problem(pool, in.getFirst(), out.getFirst()));
  }

  Optional<Kernel> avgGrad(AvgPoolGrad grad, List<TensorType> in, List<TensorType> out) {
    return averageGrad(problem(grad.pool(), out.getFirst(), in.getFirst()));
  }

  /** Adaptive windows that divide the input evenly are ordinary ones. */
  Optional<Kernel> adaptive(List<TensorType> in, List<TensorType> out) {
    return even(in.getFirst(), out.getFirst()).flatMap(this::average);
  }

  Optional<Kernel> adaptiveGrad(List<TensorType> in, List<TensorType> out) {
    return even(out.getFirst(), in.getFirst()).flatMap(this::averageGrad);
  }

  private static Optional<Problem> even(TensorType x, TensorType y) {
    if (x.extent(2) % y.extent(2) != 0 || x.extent(3) % y.extent(3) != 0) {
      return Optional.empty();
    }
    Window2d window = new Window2d(even(x.extent(2), y.extent(2)), even(x.extent(3), y.extent(3)));
    return Optional.of(new Problem(AVG_EXCLUDE_PADDING, window, x, y));
  }

  private static WindowAxis even(int in, int out) {
    return new WindowAxis(in / out, in / out, 0, 0, 1);
  }

  private static Problem problem(AvgPool pool, TensorType x, TensorType y) {
    int algorithm = pool.countIncludePad() ? AVG_INCLUDE_PADDING : AVG_EXCLUDE_PADDING;
    return new Problem(algorithm, pool.window(), x, y);
  }

  private Optional<Kernel> average(Problem problem) {
    return fits(problem)
        ? binding.offered(
            () ->
                binding
                    .kernel()
                    .primitive(
                        forward(problem),
                        Argument.input(Argument.SRC, dnnl.descriptor(problem.x()), 0),
                        Argument.output(Argument.DST, dnnl.descriptor(problem.y()), 0))
                    .build())
        : Optional.empty();
  }

  private Optional<Kernel> averageGrad(Problem problem) {
    return fits(problem)
        ? binding.offered(() -> sumsExactly(problem) ? gradient(problem) : wideGradient(problem))
        : Optional.empty();
  }

  private Kernel gradient(Problem problem) {
    return binding
        .kernel()
        .primitive(
            backward(problem, forward(problem)),
            Argument.input(Argument.DIFF_DST, dnnl.descriptor(problem.y()), 0),
            Argument.output(Argument.DIFF_SRC, dnnl.descriptor(problem.x()), 0))
        .build();
  }

  /** Returns the gradient computed in FLOAT32 between two reorderings. */
  private Kernel wideGradient(Problem problem) {
    Problem wide = problem.as(DType.FLOAT32);
    MemorySegment dy = dnnl.descriptor(problem.y());
    MemorySegment dx = dnnl.descriptor(problem.x());
    MemorySegment wideDy = dnnl.descriptor(wide.y());
    MemorySegment wideDx = dnnl.descriptor(wide.x());
    NativeKernel.Builder kernel = binding.kernel();
    Argument.Place from = kernel.scratch(wide.y().bytes());
    Argument.Place to = kernel.scratch(wide.x().bytes());
    return kernel
        .primitive(
            dnnl.reorder(dy, wideDy),
            Argument.input(Argument.SRC, dy, 0),
            new Argument(Argument.DST, wideDy, from))
        .primitive(
            backward(wide, forward(wide)),
            new Argument(Argument.DIFF_DST, wideDy, from),
            new Argument(Argument.DIFF_SRC, wideDx, to))
        .primitive(
            dnnl.reorder(wideDx, dx),
            new Argument(Argument.SRC, wideDx, to),
            Argument.output(Argument.DST, dx, 0))
        .build();
  }

  /** Where windows overlap oneDNN adds their gradients up in the format of the values. */
  private static boolean sumsExactly(Problem problem) {
    return problem.x().dtype() == DType.FLOAT32
        || (isApart(problem.window().vertical()) && isApart(problem.window().horizontal()));
  }

  private static boolean isApart(WindowAxis axis) {
    return axis.span() <= axis.stride();
  }

  /**
   * OneDNN divides by the whole window, PyTorch not by what CEIL rounding adds behind the padding.
   */
  private static boolean fits(Problem problem) {
    return problem.algorithm() != AVG_INCLUDE_PADDING
        || (reachesPaddingAlone(problem.window().vertical(), problem, 2)
            && reachesPaddingAlone(problem.window().horizontal(), problem, 3));
  }

  private static boolean reachesPaddingAlone(WindowAxis axis, Problem problem, int number) {
    return Problem.reach(axis, problem.x().extent(number), problem.y().extent(number))
        == axis.padAfter();
  }

  private PrimitiveDescriptor forward(Problem problem) {
    return dnnl.primitive(
        "dnnl_pooling_forward_primitive_desc_create",
        Dnnl.FORWARD_TRAINING,
        problem.algorithm(),
        dnnl.descriptor(problem.x()),
        dnnl.descriptor(problem.y()),
        strides(problem),
        kernel(problem),
        dilations(problem),
        padsBefore(problem),
        padsAfter(problem));
  }

  private PrimitiveDescriptor backward(Problem problem, PrimitiveDescriptor hint) {
    return dnnl.primitive(
        "dnnl_pooling_backward_primitive_desc_create",
        problem.algorithm(),
        dnnl.descriptor(problem.x()),
        dnnl.descriptor(problem.y()),
        strides(problem),
        kernel(problem),
        dilations(problem),
        padsBefore(problem),
        padsAfter(problem),
        hint.handle());
  }

  private MemorySegment strides(Problem problem) {
    Window2d window = problem.window();
    return dnnl.numbers(window.vertical().stride(), window.horizontal().stride());
  }

  private MemorySegment kernel(Problem problem) {
    Window2d window = problem.window();
    return dnnl.numbers(window.vertical().kernel(), window.horizontal().kernel());
  }

  private MemorySegment dilations(Problem problem) {
    Window2d window = problem.window();
    return dnnl.numbers(window.vertical().dilation() - 1, window.horizontal().dilation() - 1);
  }

  private MemorySegment padsBefore(Problem problem) {
    Window2d window = problem.window();
    return dnnl.numbers(window.vertical().padBefore(), window.horizontal().padBefore());
  }

  private MemorySegment padsAfter(Problem problem) {
    Window2d window = problem.window();
    return dnnl.numbers(
        Problem.reach(window.vertical(), problem.x().extent(2), problem.y().extent(2)),
        Problem.reach(window.horizontal(), problem.x().extent(3), problem.y().extent(3)));
  }
}
