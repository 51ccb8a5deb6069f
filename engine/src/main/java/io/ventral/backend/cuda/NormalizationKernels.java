package io.ventral.backend.cuda;

import static io.ventral.backend.cuda.Argument.f32;
import static io.ventral.backend.cuda.Argument.flag;
import static io.ventral.backend.cuda.Argument.i32;
import static io.ventral.backend.cuda.Argument.i64;
import static io.ventral.backend.cuda.Argument.in;
import static io.ventral.backend.cuda.Argument.out;

import io.ventral.backend.Kernel;
import io.ventral.op.BatchNormFold;
import io.ventral.op.BatchNormInfer;
import io.ventral.op.BatchNormInferGrad;
import io.ventral.op.BatchNormTrain;
import io.ventral.op.LocalResponseNorm;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.util.Arrays;
import java.util.List;

/** Batch normalisation and local response normalisation. */
final class NormalizationKernels {
  private static final String FILE = "batch_norm";
  private static final String GRAD_FILE = "batch_norm_grad";
  private static final int COEFFICIENTS = 3;
  private static final int MOMENTS = 2;
  private static final int MEANS = 2;
  private static final int LRN_ELEMENTS = 4;
  private static final int LRN_BLOCK_ELEMENTS = 1024;

  private final OpenGpu gpu;

  NormalizationKernels(OpenGpu gpu) {
    this.gpu = gpu;
  }

  Kernel train(BatchNormTrain norm, List<TensorType> in) {
    ChannelView view = ChannelView.of(gpu, in.getFirst(), norm.groups());
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    Argument coefficients = kernel.scratch(view.tableBytes(COEFFICIENTS));
    return train(kernel, norm, in, coefficients, "batch_norm_apply_").build();
  }

  /** What is saved are the coefficients: the sign of y is computed again from x. */
  Kernel trainRelu(BatchNormTrain norm, List<TensorType> in) {
    ChannelView view = ChannelView.of(gpu, in.getFirst(), norm.groups());
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu).saves(view.tableBytes(COEFFICIENTS));
    return train(kernel, norm, in, out(4), "batch_norm_apply_relu_").build();
  }

  /** The addend is read in the pass that writes y. */
  Kernel trainAddRelu(BatchNormTrain norm, List<TensorType> in) {
    ChannelView view = ChannelView.of(gpu, in.getFirst(), norm.groups());
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    Argument coefficients = kernel.scratch(view.tableBytes(COEFFICIENTS));
    return statistics(kernel, norm, in, coefficients)
        .call(
            FILE,
            "batch_norm_apply_add_relu_" + Format.suffix(in.getFirst().dtype()),
            view.grid(gpu),
            view.after(in(0), coefficients, in(3), out(0)))
        .inPlace((input, output) -> output == 0 && (input == 0 || input == 3))
        .build();
  }

  private CudaKernel.Builder train(
      CudaKernel.Builder kernel,
      BatchNormTrain norm,
      List<TensorType> in,
      Argument coefficients,
      String apply) {
    ChannelView view = ChannelView.of(gpu, in.getFirst(), norm.groups());
    String format = Format.suffix(in.getFirst().dtype());
    return statistics(kernel, norm, in, coefficients)
        .call(FILE, apply + format, view.grid(gpu), view.after(in(0), coefficients, out(0)))
        .inPlace((input, output) -> input == 0 && output == 0);
  }

  /** Gives the statistics and the table of coefficients. */
  private CudaKernel.Builder statistics(
      CudaKernel.Builder kernel, BatchNormTrain norm, List<TensorType> in, Argument coefficients) {
    TensorType x = in.getFirst();
    ChannelView view = ChannelView.of(gpu, x, norm.groups());
    Argument partials = kernel.scratch(view.partialBytes(MOMENTS));
    String format = Format.suffix(x.dtype());
    return kernel
        .call(FILE, "batch_norm_moments_" + format, view.grid(gpu), view.after(in(0), partials))
        .call(
            FILE,
            "batch_norm_statistics",
            view.join(gpu),
            joined(
                view.after(partials, in(1), in(2), out(1), out(2), out(3), coefficients),
                i32(view.parts()),
                f32(norm.epsilon())));
  }

  private static Argument[] joined(Argument[] first, Argument... second) {
    Argument[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  Kernel infer(BatchNormInfer norm, List<TensorType> in) {
    TensorType x = in.getFirst();
    ChannelView view = ChannelView.of(gpu, x, 1);
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    Argument coefficients = kernel.scratch(view.tableBytes(COEFFICIENTS));
    Table table = new Table(in(1), in(2), in(3), in(4), coefficients);
    return coefficients(kernel, view, in.get(1), table, norm.epsilon())
        .call(
            FILE,
            "batch_norm_apply_" + Format.suffix(x.dtype()),
            view.grid(gpu),
            view.after(in(0), coefficients, out(0)))
        .inPlace((input, output) -> input == 0)
        .build();
  }

  /** Returns filter and bias of a convolution that normalises itself. */
  Kernel fold(BatchNormFold fold, List<TensorType> in) {
    TensorType filter = in.getFirst();
    TensorType vector = in.get(1);
    int outputs = filter.extent(0);
    int taps = Math.toIntExact(filter.shape().elementsPerSample());
    ChannelView filters = ChannelView.of(gpu, filter.with(Shape.of(1, outputs, taps)), 1);
    ChannelView biases = ChannelView.of(gpu, vector.with(Shape.of(1, outputs)), 1);
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    Argument zeros = kernel.scratch(vector.bytes());
    Argument factors = kernel.scratch(filters.tableBytes(COEFFICIENTS));
    Argument shifts = kernel.scratch(biases.tableBytes(COEFFICIENTS));
    kernel.call("movement", "fill", vector.bytes(), zeros, i64(0), i64(vector.bytes()));
    Table plain = new Table(in(1), new Argument.None(), zeros, in(4), factors);
    coefficients(kernel, filters, vector, plain, fold.epsilon());
    Table shifted = new Table(in(1), in(2), in(3), in(4), shifts);
    coefficients(kernel, biases, vector, shifted, fold.epsilon());
    String apply = "batch_norm_apply_" + Format.suffix(filter.dtype());
    Argument own = in.size() > 5 ? in(5) : zeros;
    return kernel
        .call(FILE, apply, filters.grid(gpu), filters.after(in(0), factors, out(0)))
        .call(FILE, apply, biases.grid(gpu), biases.after(own, shifts, out(1)))
        .build();
  }

  /** What a table of coefficients is made from, and where it goes. */
  private record Table(
      Argument scale, Argument bias, Argument mean, Argument variance, Argument coefficients) {}

  private CudaKernel.Builder coefficients(
      CudaKernel.Builder kernel, ChannelView view, TensorType scale, Table table, double epsilon) {
    int channels = view.x().extent(1);
    return kernel.call(
        FILE,
        "batch_norm_coefficients_" + Format.suffix(scale.dtype()),
        (long) view.groups() * channels,
        table.scale(),
        table.bias(),
        table.mean(),
        table.variance(),
        table.coefficients(),
        i32(channels),
        i32(view.groups()),
        f32(epsilon));
  }

  Kernel grad(BatchNormTrain norm, List<TensorType> in) {
    return grad(norm.groups(), norm.epsilon(), in, false);
  }

  Kernel inferGrad(BatchNormInferGrad norm, List<TensorType> in) {
    return grad(1, norm.epsilon(), in, true);
  }

  private Kernel grad(int groups, double epsilon, List<TensorType> in, boolean constant) {
    ChannelView view = ChannelView.of(gpu, in.getFirst(), groups);
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    Backward backward =
        new Backward(view, table(kernel, view, in, epsilon), in(4), epsilon, constant);
    return grad(kernel, backward, in, "batch_norm_grad_")
        .inPlace((input, output) -> output == 0 && (input == 0 || input == 4))
        .build();
  }

  /** Returns the coefficients made from statistics that are inputs. */
  private Argument table(
      CudaKernel.Builder kernel, ChannelView view, List<TensorType> in, double epsilon) {
    Argument coefficients = kernel.scratch(view.tableBytes(COEFFICIENTS));
    Table table = new Table(in(1), new Argument.None(), in(2), in(3), coefficients);
    coefficients(kernel, view, in.get(1), table, epsilon);
    return coefficients;
  }

  Kernel gradRelu(BatchNormTrain norm, List<TensorType> in) {
    ChannelView view = ChannelView.of(gpu, in.getFirst(), norm.groups());
    Backward backward = new Backward(view, in(4), in(5), norm.epsilon(), false);
    return grad(new CudaKernel.Builder(gpu), backward, in, "batch_norm_relu_grad_")
        .inPlace((input, output) -> output == 0 && (input == 0 || input == 5))
        .build();
  }

  /** Masks dy by y as it sums; what is left of it is the gradient of the addend. */
  Kernel gradAddRelu(BatchNormTrain norm, List<TensorType> in) {
    TensorType x = in.getFirst();
    ChannelView view = ChannelView.of(gpu, x, norm.groups());
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    Argument coefficients = table(kernel, view, in, norm.epsilon());
    Argument partials = kernel.scratch(view.partialBytes(MOMENTS));
    kernel.call(
        GRAD_FILE,
        "batch_norm_add_relu_grad_sums_" + Format.suffix(x.dtype()),
        view.grid(gpu),
        view.after(in(0), coefficients, in(4), in(5), out(3), partials));
    Backward backward = new Backward(view, coefficients, out(3), norm.epsilon(), false);
    return apply(kernel, backward, in, partials, "batch_norm_grad_")
        .inPlace(
            (input, output) ->
                (output == 0 && (input == 0 || input == 5))
                    || (output == 3 && (input == 4 || input == 5)))
        .build();
  }

  /** What the gradient of a normalisation is computed from. */
  private record Backward(
      ChannelView view, Argument coefficients, Argument dy, double epsilon, boolean constant) {}

  private CudaKernel.Builder grad(
      CudaKernel.Builder kernel, Backward b, List<TensorType> in, String name) {
    TensorType x = in.getFirst();
    ChannelView view = b.view();
    Argument partials = kernel.scratch(view.partialBytes(MOMENTS));
    kernel.call(
        GRAD_FILE,
        name + "sums_" + Format.suffix(x.dtype()),
        view.grid(gpu),
        view.after(in(0), b.coefficients(), b.dy(), partials));
    return apply(kernel, b, in, partials, name);
  }

  /** Joins the partial sums and computes dx by them. */
  private CudaKernel.Builder apply(
      CudaKernel.Builder kernel, Backward b, List<TensorType> in, Argument partials, String name) {
    ChannelView view = b.view();
    Argument gradients = kernel.scratch(view.tableBytes(MEANS));
    return kernel
        .call(
            GRAD_FILE,
            "batch_norm_gradients",
            gpu.blocks(view.join(gpu).x(), 1, 1),
            joined(
                view.after(partials, in(3), out(1), out(2), gradients),
                i32(view.groups()),
                i32(view.parts()),
                f32(b.epsilon()),
                flag(b.constant())))
        .call(
            GRAD_FILE,
            name + "apply_" + Format.suffix(in.getFirst().dtype()),
            view.grid(gpu),
            view.after(in(0), b.coefficients(), gradients, b.dy(), out(0)));
  }

  Kernel localResponse(LocalResponseNorm norm, List<TensorType> in) {
    return localResponse(norm, in.getFirst(), "local_response_norm_", 1, 2, in(0), out(0));
  }

  Kernel localResponseGrad(LocalResponseNorm norm, List<TensorType> in) {
    return localResponse(
        norm, in.getFirst(), "local_response_norm_grad_", 3, 4, in(0), in(1), in(2), out(0));
  }

  private Kernel localResponse(
      LocalResponseNorm norm,
      TensorType x,
      String name,
      int tables,
      int margins,
      Argument... operands) {
    LaunchShape grid = gpu.grid(Math.ceilDiv(x.elements(), LRN_ELEMENTS));
    int shared = Float.BYTES * tables * (LRN_BLOCK_ELEMENTS + margins * norm.size());
    return new CudaKernel.Builder(gpu)
        .call(
            "local_response_norm",
            name + Format.suffix(x.dtype()),
            new LaunchShape(grid.x(), 1, 1, grid.threads(), shared),
            joined(
                operands,
                i64(x.elements()),
                i64(x.extent(1)),
                i64(ChannelView.channelStep(x)),
                i32(norm.size()),
                f32(norm.alpha() / norm.size()),
                f32(norm.beta()),
                f32(norm.k())))
        .build();
  }
}
