package io.ventral.backend.cuda;

import static io.ventral.backend.cuda.Argument.i64;
import static io.ventral.backend.cuda.Argument.in;
import static io.ventral.backend.cuda.Argument.out;

import io.ventral.backend.Flattening;
import io.ventral.backend.Kernel;
import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.error.EngineException;
import io.ventral.op.BroadcastLike;
import io.ventral.op.Concat;
import io.ventral.op.Constant;
import io.ventral.op.Pad;
import io.ventral.op.Slice;
import io.ventral.op.Transpose;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What only moves elements, by units of 1 to 16 bytes: the widest that divides every length. No
 * operand begins at an address that is not a multiple of 16, but for the offsets counted here.
 */
final class MovementKernels {
  private static final String FILE = "movement";
  private static final int WIDEST_UNIT = 16;
  private static final int GATHER_AXES = 6;
  private static final int PAD_AXES = 4;
  private static final int TILE = 32;
  private static final int THREADS = 256;

  private final OpenGpu gpu;

  MovementKernels(OpenGpu gpu) {
    this.gpu = gpu;
  }

  /** Returns a copy from any GPU, or nothing to do where the output lies over the input. */
  Kernel copy(List<TensorType> in) {
    long bytes = in.getFirst().bytes();
    return new CudaKernel.Builder(gpu)
        .step("copy", operands -> copy(operands, bytes))
        .inPlace((input, output) -> true)
        .build();
  }

  private Launch copy(Operands operands, long bytes) {
    long source = in(0).value(operands);
    long target = out(0).value(operands);
    OpenGpu owner = CudaMemory.of(operands.inputs().getFirst()).gpu();
    if (owner != gpu) {
      return () -> gpu.copyFrom(owner, source, target, bytes);
    }
    return CudaKernel.copy(gpu, source, target, bytes);
  }

  Kernel constant(Constant constant, List<TensorType> out) {
    TensorType type = out.getFirst();
    return new CudaKernel.Builder(gpu)
        .call(
            FILE,
            "fill",
            Math.ceilDiv(type.bytes(), WIDEST_UNIT),
            out(0),
            i64(pattern(type, constant.value())),
            i64(type.bytes()))
        .build();
  }

  /** Returns eight bytes of elements that equal {@code value}. */
  private static long pattern(TensorType type, double value) {
    MemorySegment bytes = MemorySegment.ofArray(new long[1]);
    int count = Long.BYTES / type.dtype().bytes();
    HostTensor elements = HostTensor.over(type.with(Shape.of(count)), bytes);
    for (int i = 0; i < count; i++) {
      elements.set(i, value);
    }
    return bytes.get(ValueLayout.JAVA_LONG, 0);
  }

  Kernel concat(Concat concat, List<TensorType> in, List<TensorType> out) {
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    TensorType y = out.getFirst();
    long begin = 0;
    for (int i = 0; i < in.size(); i++) {
      Rows x = Rows.of(in.get(i), concat.axis());
      Rows whole = Rows.of(y, concat.axis());
      long offset = begin * whole.stepBytes();
      copyRows(kernel, new Copy(in(i), out(0, offset), x, whole, x.widthBytes()), offset);
      begin += in.get(i).extent(concat.axis());
    }
    return kernel.build();
  }

  Kernel slice(Slice slice, List<TensorType> in, List<TensorType> out) {
    Rows x = Rows.of(in.getFirst(), slice.axis());
    Rows y = Rows.of(out.getFirst(), slice.axis());
    long offset = slice.begin() * x.stepBytes();
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    copyRows(kernel, new Copy(in(0, offset), out(0), x, y, y.widthBytes()), offset);
    return kernel.build();
  }

  /**
   * A value as rows from one index of the axes outside {@code axis} to the next.
   *
   * @param stepBytes bytes of one index of the axis
   */
  private record Rows(long count, long widthBytes, long stepBytes) {
    static Rows of(TensorType type, int axis) {
      Axes axes = Axes.of(type.shape());
      int place = axes.place(axis);
      long step = axes.inside(place) * type.dtype().bytes();
      return new Rows(axes.outside(place), step * type.extent(axis), step);
    }
  }

  private record Copy(Argument x, Argument y, Rows from, Rows to, long widthBytes) {}

  private static void copyRows(CudaKernel.Builder kernel, Copy copy, long offset) {
    int unit = unit(copy.widthBytes(), copy.from().widthBytes(), copy.to().widthBytes(), offset);
    long width = copy.widthBytes() / unit;
    kernel.call(
        FILE,
        "copy_rows_b" + unit,
        copy.from().count() * width,
        copy.x(),
        copy.y(),
        i64(copy.from().count()),
        i64(width),
        i64(copy.from().widthBytes() / unit),
        i64(copy.to().widthBytes() / unit));
  }

  /** Returns the widest unit that divides all of these numbers of bytes. */
  private static int unit(long... bytes) {
    int unit = WIDEST_UNIT;
    for (long length : bytes) {
      while (length % unit != 0) {
        unit /= 2;
      }
    }
    return unit;
  }

  Kernel pad(Pad pad, List<TensorType> in, List<TensorType> out) {
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    pad(kernel, in.getFirst(), out.getFirst(), pad.before(), in(0), out(0));
    return kernel.build();
  }

  /**
   * Adds zeros around x.
   *
   * @param before how many lie in front of each logical axis; may be negative, which cuts off
   */
  static void pad(
      CudaKernel.Builder kernel,
      TensorType x,
      TensorType y,
      List<Integer> before,
      Argument from,
      Argument to) {
    long[] extents = ones(PAD_AXES);
    long[] sources = ones(PAD_AXES);
    long[] first = new long[PAD_AXES];
    Axes axes = Axes.of(x.shape());
    if (axes.rank() > PAD_AXES) {
      throw EngineException.unsupported("cuda pads values of rank 4 or less, not " + x);
    }
    for (int i = 0; i < axes.rank(); i++) {
      int slot = PAD_AXES - axes.rank() + i;
      extents[slot] = y.extent(axes.axis(i));
      sources[slot] = x.extent(axes.axis(i));
      first[slot] = before.get(axes.axis(i));
    }
    int last = PAD_AXES - 1;
    int bytes = x.dtype().bytes();
    int unit = unit(extents[last] * bytes, sources[last] * bytes, first[last] * bytes);
    for (long[] lengths : List.of(extents, sources, first)) {
      lengths[last] = lengths[last] * bytes / unit;
    }
    kernel.call(
        FILE,
        "pad_b" + unit,
        Math.ceilDiv(y.bytes(), unit),
        arguments(from, to, extents, sources, first));
  }

  private static long[] ones(int count) {
    long[] ones = new long[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static Argument[] arguments(Argument from, Argument to, long[]... numbers) {
    int count = 2 + IntStream.range(0, numbers.length).map(i -> numbers[i].length).sum();
    Argument[] all = new Argument[count];
    all[0] = from;
    all[1] = to;
    int next = 2;
    for (long[] list : numbers) {
      for (long number : list) {
        all[next++] = i64(number);
      }
    }
    return all;
  }

  Kernel reshape(List<TensorType> in, List<TensorType> out) {
    TensorType x = in.getFirst();
    TensorType y = out.getFirst();
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    switch (Flattening.of(x.shape(), y.shape())) {
      case Flattening.Same same -> {
        kernel.copy(in(0), out(0), x.bytes());
        kernel.inPlace((input, output) -> true);
      }
      case Flattening.Transposed matrices -> transpose(kernel, matrices, x, in(0), out(0));
      case Flattening.Other other -> {
        TensorType flat = x.with(Shape.of(Math.toIntExact(x.elements())));
        Argument rowMajor = kernel.scratch(x.bytes());
        transpose(kernel, Flattening.of(x.shape(), flat.shape()), x, in(0), rowMajor);
        transpose(kernel, Flattening.of(flat.shape(), y.shape()), x, rowMajor, out(0));
      }
    }
    return kernel.build();
  }

  private static void transpose(
      CudaKernel.Builder kernel, Flattening how, TensorType x, Argument from, Argument to) {
    if (!(how instanceof Flattening.Transposed m)) {
      throw EngineException.internal(how + " is no transposition");
    }
    long tiles =
        m.count() * Math.ceilDiv(m.rows(), TILE) * Math.ceilDiv(m.columns(), TILE) * THREADS;
    kernel.call(
        FILE,
        "transpose_b" + x.dtype().bytes(),
        tiles,
        from,
        to,
        i64(m.count()),
        i64(m.rows()),
        i64(m.columns()));
  }

  Kernel transpose(Transpose transpose, List<TensorType> in, List<TensorType> out) {
    Shape y = out.getFirst().shape();
    long[] from = in.getFirst().shape().memoryStrides();
    long[] steps = new long[y.rank()];
    for (int axis = 0; axis < y.rank(); axis++) {
      steps[axis] = from[transpose.permutation().get(axis)];
    }
    return gather(out.getFirst(), steps);
  }

  Kernel broadcast(BroadcastLike broadcast, List<TensorType> in, List<TensorType> out) {
    Shape y = out.getFirst().shape();
    long[] from = in.getFirst().shape().memoryStrides();
    long[] steps = new long[y.rank()];
    int kept = 0;
    for (int axis = 0; axis < y.rank(); axis++) {
      steps[axis] = broadcast.axes().contains(axis) ? 0 : from[kept++];
    }
    return gather(out.getFirst(), steps);
  }

  private Kernel gather(TensorType y, long[] steps) {
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    gather(kernel, y, steps, in(0));
    return kernel.build();
  }

  /** Fills y, the first output, by reading with a step for each of its logical axes. */
  static void gather(CudaKernel.Builder kernel, TensorType y, long[] steps, Argument from) {
    Axes axes = Axes.of(y.shape());
    if (axes.rank() > GATHER_AXES) {
      throw EngineException.unsupported("cuda moves values of rank 6 or less, not " + y);
    }
    long[] extents = ones(GATHER_AXES);
    long[] sources = new long[GATHER_AXES];
    for (int i = 0; i < axes.rank(); i++) {
      int slot = GATHER_AXES - axes.rank() + i;
      extents[slot] = y.extent(axes.axis(i));
      sources[slot] = steps[axes.axis(i)];
    }
    kernel.call(
        FILE,
        "gather_b" + y.dtype().bytes(),
        y.elements(),
        arguments(from, out(0), extents, sources));
  }
}
