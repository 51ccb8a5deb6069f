package io.ventral.backend.cuda;

import static io.ventral.backend.cuda.Argument.flag;
import static io.ventral.backend.cuda.Argument.i32;
import static io.ventral.backend.cuda.Argument.i64;
import static io.ventral.backend.cuda.Argument.in;
import static io.ventral.backend.cuda.Argument.out;

import io.ventral.backend.Kernel;
import io.ventral.op.AvgPool;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import java.util.ArrayList;
import java.util.List;

/** Pooling, where x is the larger and y the smaller value, forward and backward. */
final class PoolingKernels {
  private static final String FILE = "pooling";

  /** Winners are saved as the tap's number in one byte, in two for larger windows. */
  private static final int MOST_TAPS_OF_A_BYTE = 255;

  private final OpenGpu gpu;

  PoolingKernels(OpenGpu gpu) {
    this.gpu = gpu;
  }

  Kernel max(Window2d window, TensorType x, TensorType y) {
    return new CudaKernel.Builder(gpu)
        .call(
            FILE,
            max(window) + Format.suffix(x.dtype()),
            ElementwiseKernels.vectors(y),
            max(window, x, y, in(0), out(0), out(1)))
        .saves(y.elements() * (isWide(window) ? Short.BYTES : Byte.BYTES))
        .build();
  }

  Kernel maxGrad(Window2d window, TensorType x, TensorType y) {
    return new CudaKernel.Builder(gpu)
        .call(
            FILE,
            max(window) + "grad_" + Format.suffix(x.dtype()),
            ElementwiseKernels.vectors(x),
            max(window, x, y, in(0), in(1), out(0)))
        .build();
  }

  private static boolean isWide(Window2d window) {
    return window.taps() > MOST_TAPS_OF_A_BYTE;
  }

  private static String max(Window2d window) {
    return isWide(window) ? "max_pool_wide_" : "max_pool_";
  }

  private static Argument[] max(Window2d window, TensorType x, TensorType y, Argument... operands) {
    List<Argument> arguments = geometry(window, x, y, operands);
    arguments.add(i32(window.vertical().dilation()));
    arguments.add(i32(window.horizontal().dilation()));
    return arguments.toArray(Argument[]::new);
  }

  private static List<Argument> geometry(
      Window2d window, TensorType x, TensorType y, Argument... operands) {
    List<Argument> arguments = new ArrayList<>(List.of(operands));
    arguments.add(i64(x.extent(0)));
    arguments.add(i32(x.extent(2)));
    arguments.add(i32(x.extent(3)));
    arguments.add(i32(x.extent(1)));
    arguments.add(i32(y.extent(2)));
    arguments.add(i32(y.extent(3)));
    arguments.add(i32(window.vertical().kernel()));
    arguments.add(i32(window.vertical().stride()));
    arguments.add(i32(window.vertical().padBefore()));
    arguments.add(i32(window.horizontal().kernel()));
    arguments.add(i32(window.horizontal().stride()));
    arguments.add(i32(window.horizontal().padBefore()));
    return arguments;
  }

  Kernel avg(AvgPool pool, TensorType x, TensorType y) {
    return avg(pool, x, y, "avg_pool_", y);
  }

  Kernel avgGrad(AvgPool pool, TensorType x, TensorType y) {
    return avg(pool, x, y, "avg_pool_grad_", x);
  }

  private Kernel avg(AvgPool pool, TensorType x, TensorType y, String name, TensorType result) {
    List<Argument> arguments = geometry(pool.window(), x, y, in(0), out(0));
    arguments.add(i32(pool.window().vertical().padAfter()));
    arguments.add(i32(pool.window().horizontal().padAfter()));
    arguments.add(flag(pool.countIncludePad()));
    return new CudaKernel.Builder(gpu)
        .call(
            FILE,
            name + Format.suffix(x.dtype()),
            ElementwiseKernels.vectors(result),
            arguments.toArray(Argument[]::new))
        .build();
  }

  Kernel adaptive(TensorType x, TensorType y) {
    return adaptive(x, y, "adaptive_avg_pool_", y);
  }

  Kernel adaptiveGrad(TensorType x, TensorType y) {
    return adaptive(x, y, "adaptive_avg_pool_grad_", x);
  }

  private Kernel adaptive(TensorType x, TensorType y, String name, TensorType result) {
    return new CudaKernel.Builder(gpu)
        .call(
            FILE,
            name + Format.suffix(x.dtype()),
            ElementwiseKernels.vectors(result),
            in(0),
            out(0),
            i64(x.extent(0)),
            i32(x.extent(2)),
            i32(x.extent(3)),
            i32(x.extent(1)),
            i32(y.extent(2)),
            i32(y.extent(3)))
        .build();
  }
}
