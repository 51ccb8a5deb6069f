package io.ventral.backend.cuda;

import static io.ventral.backend.cuda.Argument.in;
import static io.ventral.backend.cuda.Argument.out;

import io.ventral.backend.Kernel;
import io.ventral.backend.cuda.Argument.Address;
import io.ventral.backend.cuda.Dnn.Addresses;
import io.ventral.backend.cuda.MatrixKernels.Extents;
import io.ventral.op.Conv2d;
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
  record Places(Address x, Address filter, Address y) {}

  Kernel forward(Conv2d conv, List<TensorType> in, List<TensorType> out) {
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    Convolution problem =
        new Convolution(conv.window(), conv.groups(), in.get(0), in.get(1), out.getFirst());
    forward(kernel, problem, new Places(in(0), in(1), out(0)));
    return kernel.build();
  }

  /** Convolves. */
  void forward(CudaKernel.Builder kernel, Convolution problem, Places places) {
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

  /** Returns where x lies with the padding that cuDNN does not do itself. */
  static Address padded(
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
    if (problem.x().dtype() == problem.filter().dtype()) {
      gradFilter(kernel, problem, new Places(in(0), out(0), in(1)));
      return kernel.build();
    }
    // A gradient that is not rounded is FLOAT32, which cuDNN computes of FLOAT32 alone.
    Address x = widened(kernel, problem.x(), in(0));
    Address dy = widened(kernel, problem.y(), in(1));
    gradFilter(kernel, problem.wide(), new Places(x, out(0), dy));
    return kernel.build();
  }

  /** Returns a copy in FLOAT32. */
  static Address widened(CudaKernel.Builder kernel, TensorType type, Address narrow) {
    Address wide = kernel.scratch(type.with(DType.FLOAT32).bytes());
    ElementwiseKernels.cast(kernel, type, DType.FLOAT32, narrow, wide);
    return wide;
  }

  private void gradFilter(CudaKernel.Builder kernel, Convolution problem, Places places) {
    Convolution even = problem.evenlyPadded();
    Address x = padded(kernel, problem, even, places.x());
    convolve(kernel, Direction.BACKWARD_FILTER, even, new Places(x, places.filter(), places.y()));
  }

  private void convolve(
      CudaKernel.Builder kernel, Direction direction, Convolution problem, Places places) {
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
