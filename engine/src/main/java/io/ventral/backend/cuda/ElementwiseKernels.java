package io.ventral.backend.cuda;

import static io.ventral.backend.cuda.Argument.f32;
import static io.ventral.backend.cuda.Argument.i32;
import static io.ventral.backend.cuda.Argument.i64;
import static io.ventral.backend.cuda.Argument.in;
import static io.ventral.backend.cuda.Argument.out;

import io.ventral.backend.Kernel;
import io.ventral.op.Cast;
import io.ventral.op.Dropout;
import io.ventral.op.LeakyRelu;
import io.ventral.op.LeakyReluGrad;
import io.ventral.op.RunningAverage;
import io.ventral.op.Scale;
import io.ventral.tensor.DType;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** What is computed element by element. */
final class ElementwiseKernels {
  private static final String FILE = "elementwise";
  private static final int CAST_ELEMENTS = 8;
  private static final double WORDS = 0x1p32;

  private final OpenGpu gpu;
  private final MovementKernels movement;

  ElementwiseKernels(OpenGpu gpu, MovementKernels movement) {
    this.gpu = gpu;
    this.movement = movement;
  }

  /** Returns y = f(x), which may lie over x. */
  Kernel unary(String name, List<TensorType> in) {
    return kernel(name, in, 1, input -> true);
  }

  /** Returns what is computed from two operands, over either of which it may lie. */
  Kernel binary(String name, List<TensorType> in) {
    return kernel(name, in, 2, input -> true);
  }

  Kernel leakyRelu(LeakyRelu relu, List<TensorType> in) {
    return kernel("leaky_relu", in, 1, input -> true, f32(relu.slope()));
  }

  Kernel leakyReluGrad(LeakyReluGrad relu, List<TensorType> in) {
    return kernel("leaky_relu_grad", in, 2, input -> true, f32(relu.slope()));
  }

  Kernel scale(Scale scale, List<TensorType> in) {
    return kernel("scale", in, 1, input -> true, f32(scale.factor()));
  }

  Kernel runningAverage(RunningAverage average, List<TensorType> in) {
    return kernel(
        "running_average",
        in,
        3,
        input -> input == 0,
        f32(1 - average.momentum()),
        f32(average.momentum()));
  }

  private Kernel kernel(
      String name, List<TensorType> in, int inputs, IntPredicate over, Argument... attributes) {
    TensorType x = in.getFirst();
    List<Argument> arguments = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      arguments.add(in(i));
    }
    arguments.add(out(0));
    arguments.add(i64(x.elements()));
    arguments.addAll(List.of(attributes));
    return new CudaKernel.Builder(gpu)
        .call(
            FILE,
            name + "_" + Format.suffix(x.dtype()),
            vectors(x),
            arguments.toArray(Argument[]::new))
        .inPlace((input, output) -> over.test(input))
        .build();
  }

  /** Returns the number of pieces of 16 bytes, begun ones included. */
  static long vectors(TensorType x) {
    return Math.ceilDiv(x.elements(), Format.vector(x.dtype()));
  }

  /** Computes from two operands, over the first of which the result goes. */
  static void binary(
      CudaKernel.Builder kernel, String name, TensorType x, Argument place, Argument other) {
    String function = name + "_" + Format.suffix(x.dtype());
    kernel.call(FILE, function, vectors(x), place, other, place, i64(x.elements()));
  }

  Kernel biasAdd(List<TensorType> in) {
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    biasAdd(kernel, in.getFirst(), new Biased(in(0), in(1), out(0)), false);
    return kernel.inPlace((input, output) -> input == 0).build();
  }

  /** Where x, the bias, which is FLOAT32, and the sum lie. */
  record Biased(Argument x, Argument bias, Argument y) {}

  static void biasAdd(CudaKernel.Builder kernel, TensorType x, Biased operands, boolean relu) {
    kernel.call(
        "bias",
        (relu ? "bias_add_relu_" : "bias_add_") + Format.suffix(x.dtype()),
        vectors(x),
        operands.x(),
        operands.bias(),
        operands.y(),
        i64(x.elements()),
        i64(x.extent(1)),
        i64(ChannelView.channelStep(x)));
  }

  Kernel cast(Cast cast, List<TensorType> in) {
    TensorType x = in.getFirst();
    if (x.dtype() == cast.dtype()) {
      return movement.copy(in);
    }
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    cast(kernel, x, cast.dtype(), in(0), out(0));
    return kernel.build();
  }

  /** Rounds x to another format. */
  static void cast(
      CudaKernel.Builder kernel, TensorType x, DType to, Argument source, Argument target) {
    DType from = x.dtype();
    Argument n = i64(x.elements());
    if (Format.isComputed(to) && (Format.isComputed(from) || from == DType.UINT8)) {
      String name = "cast_" + from.shortName() + "_" + to.shortName();
      kernel.call("cast", name, Math.ceilDiv(x.elements(), CAST_ELEMENTS), source, target, n);
    } else {
      Argument codeFrom = i32(Format.code(from));
      Argument codeTo = i32(Format.code(to));
      kernel.call("cast", "cast_any", x.elements(), source, target, n, codeFrom, codeTo);
    }
  }

  Kernel dropout(Dropout dropout, List<TensorType> in) {
    TensorType x = in.getFirst();
    Shape shape = x.shape();
    boolean channelsLast = shape.rank() == 4;
    long positions = channelsLast ? (long) shape.extent(2) * shape.extent(3) : shape.elements();
    return new CudaKernel.Builder(gpu)
        .call(
            "dropout",
            "dropout_" + Format.suffix(x.dtype()),
            vectors(x),
            in(0),
            in(1),
            out(0),
            i64(x.elements()),
            i64(channelsLast ? shape.extent(1) : 1),
            i64(positions),
            i64(dropout.firstSample() * shape.elementsPerSample()),
            i64((long) Math.ceil(dropout.rate() * WORDS)),
            i64(dropout.seed()),
            i32(dropout.purpose()),
            f32(1 / (1 - dropout.rate())))
        .inPlace((input, output) -> input == 0)
        .build();
  }
}
