package io.ventral.backend.cuda;

import static io.ventral.backend.cuda.Argument.f32;
import static io.ventral.backend.cuda.Argument.i32;
import static io.ventral.backend.cuda.Argument.i64;
import static io.ventral.backend.cuda.Argument.in;
import static io.ventral.backend.cuda.Argument.out;

import io.ventral.backend.Kernel;
import io.ventral.error.EngineException;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sums and means over axes, the gradient of a bias among them. */
final class ReductionKernels {
  private static final String FILE = "reduce";
  private static final int AXES = 4;
  private static final int WARP = 32;
  private static final int BLOCK = 256;
  private static final int MOST_OF_A_WARP = 1024;

  private final OpenGpu gpu;
  private final MovementKernels movement;

  ReductionKernels(OpenGpu gpu, MovementKernels movement) {
    this.gpu = gpu;
    this.movement = movement;
  }

  Kernel sum(List<Integer> axes, List<TensorType> in, List<TensorType> out) {
    return reduce(axes, in.getFirst(), out.getFirst(), 1);
  }

  Kernel mean(List<Integer> axes, List<TensorType> in, List<TensorType> out) {
    TensorType x = in.getFirst();
    double count = (double) x.elements() / out.getFirst().elements();
    return reduce(axes, x, out.getFirst(), 1 / count);
  }

  /** Extents with the step in x of each, outermost first, filled up with axes of one element. */
  private record Loops(long[] extents, long[] steps) {
    static Loops of(List<Integer> axes, TensorType x) {
      if (axes.size() > AXES) {
        throw EngineException.unsupported("cuda reduces values of up to 4 axes, not " + x);
      }
      long[] from = x.shape().memoryStrides();
      long[] extents = new long[AXES];
      long[] steps = new long[AXES];
      Arrays.fill(extents, 1);
      for (int i = 0; i < axes.size(); i++) {
        int slot = AXES - axes.size() + i;
        extents[slot] = x.extent(axes.get(i));
        steps[slot] = from[axes.get(i)];
      }
      return new Loops(extents, steps);
    }
  }

  private Kernel reduce(List<Integer> axes, TensorType x, TensorType y, double factor) {
    if (axes.isEmpty()) {
      return movement.copy(List.of(x));
    }
    List<Integer> kept = new ArrayList<>();
    for (int axis = 0; axis < x.rank(); axis++) {
      if (!axes.contains(axis)) {
        kept.add(axis);
      }
    }
    Loops outer = Loops.of(inMemoryOrder(kept, y.shape()), x);
    Loops inner = Loops.of(ordered(axes, x.shape()), x);
    long reduced = x.elements() / y.elements();
    long threads = reduced <= MOST_OF_A_WARP ? Math.min(WARP, reduced) : BLOCK;
    List<Argument> arguments = new ArrayList<>(List.of(in(0), out(0)));
    for (long[] numbers : List.of(outer.extents(), outer.steps(), inner.extents(), inner.steps())) {
      for (long number : numbers) {
        arguments.add(i64(number));
      }
    }
    arguments.add(f32(factor));
    return new CudaKernel.Builder(gpu)
        .call(
            FILE,
            "reduce_" + Format.suffix(x.dtype()),
            y.elements() * threads,
            arguments.toArray(Argument[]::new))
        .build();
  }

  /** Returns the axes of x that y keeps in the order in which y has them in memory. */
  private static List<Integer> inMemoryOrder(List<Integer> kept, Shape y) {
    return Arrays.stream(y.memoryOrder()).mapToObj(kept::get).toList();
  }

  /** Returns axes of x in the order in which they lie in memory. */
  private static List<Integer> ordered(List<Integer> axes, Shape x) {
    return Arrays.stream(x.memoryOrder()).boxed().filter(axes::contains).toList();
  }

  Kernel biasGrad(List<TensorType> in, List<TensorType> out) {
    TensorType dy = in.getFirst();
    ChannelView view = ChannelView.of(gpu, dy, 1);
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    Argument partials = kernel.scratch(view.partialBytes(1));
    String format = Format.suffix(dy.dtype());
    return kernel
        .call(FILE, "channel_sums_" + format, view.grid(gpu), view.after(in(0), partials))
        .call(
            FILE,
            "channel_sums_join_" + Format.suffix(out.getFirst().dtype()),
            view.join(gpu),
            partials,
            out(0),
            i32(view.parts()),
            i32(dy.extent(1)),
            f32(1))
        .build();
  }
}
