package io.ventral.backend.cuda;

import static io.ventral.backend.cuda.Argument.in;
import static io.ventral.backend.cuda.Argument.out;

import io.ventral.backend.Kernel;
import io.ventral.backend.cuda.Argument.Address;
import io.ventral.backend.cuda.Dnn.Addresses;
import io.ventral.backend.cuda.MatrixKernels.Extents;
import io.ventral.op.Conv2d;
import io.ventral.op.Conv2dBias;
import io.ventral.op.Conv2dBiasAdd;
import io.ventral.op.Conv2dGradFilter;
import io.ventral.op.Conv2dGradInput;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;

/**
 * Convolutions by cuDNN; those whose window covers the whole input are matrix products. CuDNN knows
 * no padding that differs from side to side: there x is padded in scratch, and its gradient cut.
 */
final class ConvolutionKernels {
  private final OpenGpu gpu;
  private final MatrixKernels matrix;
  private final AlgorithmSearch search;

  ConvolutionKernels(OpenGpu gpu, MatrixKernels matrix, AlgorithmSearch search) {
    this.gpu = gpu;
    this.matrix = matrix;
    this.search = search;
  }

  /** Where x, filter and y lie. */
  private record Places(Address x, Address filter, Address y) {}

  Kernel forward(Conv2d conv, List<TensorType> in, List<TensorType> out) {
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    Convolution problem =
        new Convolution(conv.window(), conv.groups(), in.get(0), in.get(1), out.getFirst());
    forward(kernel, problem, new Places(in(0), in(1), out(0)));
    return kernel.build();
  }

  Kernel bias(Conv2dBias fused, List<TensorType> in, List<TensorType> out) {
    return biased(fused.conv(), in, out, (kernel, y, sum) -> add(kernel, y, sum, fused.relu()));
  }

  Kernel biasAdd(Conv2dBiasAdd fused, List<TensorType> in, List<TensorType> out) {
    String name = fused.relu() ? "add_relu" : "add";
    return biased(
        fused.conv(),
        in,
        out,
        (kernel, y, sum) -> {
          add(kernel, y, sum, false);
          Address addend =
              in.get(3).dtype() == y.dtype() ? in(3) : widened(kernel, in.get(3), in(3));
          ElementwiseKernels.binary(kernel, name, y, sum, addend);
        });
  }

  /** What is done with a convolution that lies in {@code sum}. */
  @FunctionalInterface
  private interface Ending {
    void add(CudaKernel.Builder kernel, TensorType y, Address sum);
  }

  private Kernel biased(Conv2d conv, List<TensorType> in, List<TensorType> out, Ending ending) {
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    TensorType y = out.getFirst();
    Convolution problem = new Convolution(conv.window(), conv.groups(), in.get(0), in.get(1), y);
    if (y.dtype() == DType.FLOAT32) {
      forward(kernel, problem, new Places(in(0), in(1), out(0)));
      ending.add(kernel, y, out(0));
      return kernel.build();
    }
    // Rounded once, behind the sum: so much is lost of 16 bits otherwise.
    Convolution wide = problem.wide();
    Address sum = kernel.scratch(wide.y().bytes());
    Address x = widened(kernel, problem.x(), in(0));
    Address filter = widened(kernel, problem.filter(), in(1));
    forward(kernel, wide, new Places(x, filter, sum));
    ending.add(kernel, wide.y(), sum);
    ElementwiseKernels.cast(kernel, wide.y(), y.dtype(), sum, out(0));
    return kernel.build();
  }

  private static void add(CudaKernel.Builder kernel, TensorType y, Address place, boolean relu) {
    ElementwiseKernels.biasAdd(kernel, y, new ElementwiseKernels.Biased(place, in(2), place), relu);
  }

  private static Address widened(CudaKernel.Builder kernel, TensorType type, Address narrow) {
    Address wide = kernel.scratch(type.with(DType.FLOAT32).bytes());
    ElementwiseKernels.cast(kernel, type, DType.FLOAT32, narrow, wide);
    return wide;
  }

  private void forward(CudaKernel.Builder kernel, Convolution problem, Places places) {
    if (problem.isDense()) {
      Extents extents = new Extents(problem.samples(), problem.inputs(), problem.outputs());
      DType dtype = problem.x().dtype();
      Blas.Product product = matrix.product(dtype, problem.y().dtype(), extents, false, true);
      matrix.add(kernel, product, places.x(), places.filter(), places.y());
      return;
    }
    Convolution even = problem.evenlyPadded();
    Address x = padded(kernel, problem, even, places.x());
    convolve(kernel, Direction.FORWARD, even, new Places(x, places.filter(), places.y()));
  }

  private static Address padded(
      CudaKernel.Builder kernel, Convolution problem, Convolution even, Address x) {
    if (even.equals(problem)) {
      return x;
    }
    Address padded = kernel.scratch(even.x().bytes());
    MovementKernels.pad(kernel, problem.x(), even.x(), problem.before(), x, padded);
    return padded;
  }

  Kernel gradInput(Conv2dGradInput conv, List<TensorType> in, List<TensorType> out) {
    Convolution problem =
        new Convolution(conv.window(), conv.groups(), out.getFirst(), in.get(0), in.get(1));
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    if (problem.isDense()) {
      Extents extents = new Extents(problem.samples(), problem.outputs(), problem.inputs());
      Blas.Product product =
          matrix.product(problem.x().dtype(), problem.x().dtype(), extents, false, false);
      matrix.add(kernel, product, in(1), in(0), out(0));
      return kernel.build();
    }
    Convolution even = problem.evenlyPadded();
    if (even.equals(problem)) {
      convolve(kernel, Direction.BACKWARD_DATA, even, new Places(out(0), in(0), in(1)));
      return kernel.build();
    }
    Address padded = kernel.scratch(even.x().bytes());
    convolve(kernel, Direction.BACKWARD_DATA, even, new Places(padded, in(0), in(1)));
    List<Integer> cut = problem.before().stream().map(n -> -n).toList();
    MovementKernels.pad(kernel, even.x(), problem.x(), cut, padded, out(0));
    return kernel.build();
  }

  Kernel gradFilter(Conv2dGradFilter conv, List<TensorType> in, List<TensorType> out) {
    Convolution problem =
        new Convolution(conv.window(), conv.groups(), in.get(0), out.getFirst(), in.get(1));
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    if (problem.isDense()) {
      Extents extents = new Extents(problem.outputs(), problem.samples(), problem.inputs());
      Blas.Product product =
          matrix.product(problem.x().dtype(), problem.filter().dtype(), extents, true, false);
      matrix.add(kernel, product, in(1), in(0), out(0));
      return kernel.build();
    }
    if (problem.x().dtype() == DType.FLOAT32) {
      gradFilter(kernel, problem, new Places(in(0), out(0), in(1)));
      return kernel.build();
    }
    // The gradient is FLOAT32, which cuDNN computes of FLOAT32 alone.
    Address x = widened(kernel, problem.x(), in(0));
    Address dy = widened(kernel, problem.y(), in(1));
    gradFilter(kernel, problem.wide(), new Places(x, out(0), dy));
    return kernel.build();
  }

  private void gradFilter(CudaKernel.Builder kernel, Convolution problem, Places places) {
    Convolution even = problem.evenlyPadded();
    Address x = padded(kernel, problem, even, places.x());
    convolve(kernel, Direction.BACKWARD_FILTER, even, new Places(x, places.filter(), places.y()));
  }

  private void convolve(
      CudaKernel.Builder kernel, Direction direction, Convolution problem, Places places) {
    Format.suffix(problem.x().dtype());
    Algorithm algorithm = search.find(direction, problem);
    Dnn.Descriptors descriptors = search.descriptors(problem, algorithm.mathType());
    Address scratch = kernel.scratch(algorithm.workspaceBytes());
    Dnn.Handle handle = gpu.dnnHandle();
    Dnn.Call call = new Dnn.Call(direction, algorithm.number());
    kernel.step(
        "cuDNN algorithm " + algorithm.number(),
        operands -> {
          Addresses addresses =
              new Addresses(
                  places.x().value(operands),
                  places.filter().value(operands),
                  places.y().value(operands),
                  algorithm.workspaceBytes() == 0 ? 0 : scratch.value(operands),
                  algorithm.workspaceBytes());
          return () -> gpu.dnn().convolve(handle, call, descriptors, addresses);
        });
  }
}
