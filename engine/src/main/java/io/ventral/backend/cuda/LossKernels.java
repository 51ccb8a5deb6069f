package io.ventral.backend.cuda;

import static io.ventral.backend.cuda.Argument.f32;
import static io.ventral.backend.cuda.Argument.i32;
import static io.ventral.backend.cuda.Argument.i64;
import static io.ventral.backend.cuda.Argument.in;
import static io.ventral.backend.cuda.Argument.out;

import io.ventral.backend.Kernel;
import io.ventral.op.TopKCount;
import io.ventral.tensor.TensorType;
import java.util.List;

/** Softmax, losses and metrics: a warp a row, or a block for long rows. */
final class LossKernels {
  private static final int LONG_ROW = 256;
  private static final int WARP = 32;
  private static final int BLOCK = 256;

  private final OpenGpu gpu;

  LossKernels(OpenGpu gpu) {
    this.gpu = gpu;
  }

  Kernel softmax(List<TensorType> in) {
    TensorType x = in.getFirst();
    return softmax(x, "softmax_", in(0), out(0));
  }

  Kernel softmaxGrad(List<TensorType> in) {
    return softmax(in.getFirst(), "softmax_grad_", in(0), in(1), out(0));
  }

  private Kernel softmax(TensorType x, String name, Argument.Address... operands) {
    int channels = x.extent(1);
    long rows = x.elements() / channels;
    Argument[] arguments = new Argument[operands.length + 3];
    System.arraycopy(operands, 0, arguments, 0, operands.length);
    arguments[operands.length] = i64(rows);
    arguments[operands.length + 1] = i32(channels);
    arguments[operands.length + 2] = i64(ChannelView.channelStep(x));
    return new CudaKernel.Builder(gpu)
        .call("softmax", name + Format.suffix(x.dtype()), threads(rows, channels), arguments)
        .inPlace((input, output) -> true)
        .build();
  }

  private static long threads(long rows, long length) {
    return rows * (length <= LONG_ROW ? WARP : BLOCK);
  }

  /** Returns one loss a sample from scores [N,K] and labels [N]. */
  Kernel classes(String name, double attribute, List<TensorType> in) {
    TensorType scores = in.getFirst();
    long rows = scores.extent(0);
    int classes = scores.extent(1);
    return new CudaKernel.Builder(gpu)
        .call(
            "loss",
            name + "_" + Format.suffix(scores.dtype()),
            threads(rows, classes),
            in(0),
            in(1),
            out(0),
            i64(rows),
            i32(classes),
            f32(attribute))
        .build();
  }

  /** Returns the gradient of such a loss. */
  Kernel classesGrad(String name, double attribute, List<TensorType> in) {
    TensorType scores = in.getFirst();
    long rows = scores.extent(0);
    int classes = scores.extent(1);
    return new CudaKernel.Builder(gpu)
        .call(
            "loss",
            name + "_grad_" + Format.suffix(scores.dtype()),
            threads(rows, classes),
            in(0),
            in(1),
            in(2),
            out(0),
            i64(rows),
            i32(classes),
            f32(attribute))
        .build();
  }

  /** Returns one loss a sample from values and targets of the same shape. */
  Kernel targets(String name, List<TensorType> in) {
    TensorType x = in.getFirst();
    long rows = x.extent(0);
    long length = x.shape().elementsPerSample();
    return new CudaKernel.Builder(gpu)
        .call(
            "loss",
            name + "_" + Format.suffix(x.dtype()),
            threads(rows, length),
            in(0),
            in(1),
            out(0),
            i64(rows),
            i64(length))
        .build();
  }

  /** Returns the gradient of such a loss. */
  Kernel targetsGrad(String name, List<TensorType> in) {
    TensorType x = in.getFirst();
    return new CudaKernel.Builder(gpu)
        .call(
            "loss",
            name + "_grad_" + Format.suffix(x.dtype()),
            x.elements(),
            in(0),
            in(1),
            in(2),
            out(0),
            i64(x.extent(0)),
            i64(x.shape().elementsPerSample()))
        .inPlace((input, output) -> input <= 1)
        .build();
  }

  Kernel topK(TopKCount count, List<TensorType> in) {
    TensorType scores = in.get(0);
    long rows = scores.extent(0);
    int classes = scores.extent(1);
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    Argument hits = kernel.scratch(rows * Float.BYTES);
    return kernel
        .call(
            "metric",
            "top_k_hits_" + Format.suffix(scores.dtype()),
            threads(rows, classes),
            in(0),
            in(1),
            hits,
            i64(rows),
            i32(classes),
            i32(count.k()))
        .call(
            "metric",
            "weighted_sum_" + Format.suffix(in.get(2).dtype()),
            gpu.blocks(1, 1, 1),
            hits,
            in(2),
            out(0),
            i64(rows))
        .build();
  }
}
