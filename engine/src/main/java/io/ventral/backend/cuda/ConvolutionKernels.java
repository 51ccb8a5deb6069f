package io.ventral.backend.cuda;

import static io.ventral.backend.cuda.Argument.in;
import static io.ventral.backend.cuda.Argument.out;

import io.ventral.backend.Kernel;
import io.ventral.backend.cuda.Argument.Address;
import io.ventral.backend.cuda.Dnn.Addresses;
import io.ventral.backend.cuda.Dnn.Direction;
import io.ventral.backend.cuda.MatrixKernels.Extents;
import io.ventral.op.Conv2d;
import io.ventral.op.Conv2dBias;
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

  /**
   * Where x, filter and y lie.
   *
   * @param onTop whether the result is added to what lies there
   */
  private record Places(Address x, Address filter, Address y, boolean onTop) {
    Places(Address x, Address filter, Address y) {
      this(x, filter, y, false);
    }
  }

  Kernel forward(Conv2d conv, List<TensorType> in, List<TensorType> out) {
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    forward(kernel, conv, in, out, false);
    return kernel.build();
  }

  Kernel bias(Conv2dBias fused, List<TensorType> in, List<TensorType> out) {
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    TensorType y = out.getFirst();
    if (y.dtype() == DType.FLOAT32) {
      forward(kernel, fused.conv(), in, out, false);
      ElementwiseKernels.Biased operands = new ElementwiseKernels.Biased(out(0), in(2), out(0));
      ElementwiseKernels.biasAdd(kernel, y, operands, fused.relu());
      return kernel.build();
    }
    // In 16 bits the sum is to be rounded once: the convolution goes on top of the bias.
    MovementKernels.gather(kernel, y, new long[] {0, 1, 0, 0}, in(2));
    forward(kernel, fused.conv(), in, out, true);
    if (fused.relu()) {
      ElementwiseKernels.relu(kernel, y, out(0));
    }
    return kernel.build();
  }

  private void forward(
      CudaKernel.Builder kernel,
      Conv2d conv,
      List<TensorType> in,
      List<TensorType> out,
      boolean onTop) {
    Convolution problem =
        new Convolution(conv.window(), conv.groups(), in.get(0), in.get(1), out.getFirst());
    if (problem.isDense()) {
      Extents extents = new Extents(problem.samples(), problem.inputs(), problem.outputs());
      Blas.Product product = matrix.product(problem.x().dtype(), extents, false, true);
      matrix.add(kernel, product, List.of(in(0), in(1), out(0)), onTop);
      return;
    }
    Convolution even = problem.evenlyPadded();
    Address x = in(0);
    if (!even.equals(problem)) {
      Address padded = kernel.scratch(even.x().bytes());
      MovementKernels.pad(kernel, problem.x(), even.x(), problem.before(), x, padded);
      x = padded;
    }
    convolve(kernel, Direction.FORWARD, even, new Places(x, in(1), out(0), onTop));
  }

  Kernel gradInput(Conv2dGradInput conv, List<TensorType> in, List<TensorType> out) {
    Convolution problem =
        new Convolution(conv.window(), conv.groups(), out.getFirst(), in.get(0), in.get(1));
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    if (problem.isDense()) {
      Extents extents = new Extents(problem.samples(), problem.outputs(), problem.inputs());
      Blas.Product product = matrix.product(problem.x().dtype(), extents, false, false);
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
      Blas.Product product = matrix.product(problem.x().dtype(), extents, true, false);
      matrix.add(kernel, product, in(1), in(0), out(0));
      return kernel.build();
    }
    Convolution even = problem.evenlyPadded();
    Address x = in(0);
    if (!even.equals(problem)) {
      Address padded = kernel.scratch(even.x().bytes());
      MovementKernels.pad(kernel, problem.x(), even.x(), problem.before(), x, padded);
      x = padded;
    }
    convolve(kernel, Direction.BACKWARD_FILTER, even, new Places(x, out(0), in(1)));
    return kernel.build();
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
          return () -> gpu.dnn().convolve(handle, call, descriptors, addresses, places.onTop());
        });
  }
}
