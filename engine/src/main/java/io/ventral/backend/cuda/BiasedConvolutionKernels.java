package io.ventral.backend.cuda;

import static io.ventral.backend.cuda.Argument.in;
import static io.ventral.backend.cuda.Argument.out;
import static io.ventral.op.BiasedConv2d.BIAS;

import io.ventral.backend.Kernel;
import io.ventral.backend.cuda.Argument.Address;
import io.ventral.backend.cuda.ConvolutionKernels.Places;
import io.ventral.backend.cuda.Dnn.Addresses;
import io.ventral.backend.cuda.MatrixKernels.Extents;
import io.ventral.op.Conv2d;
import io.ventral.op.Conv2dBias;
import io.ventral.op.Conv2dBiasAdd;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Convolutions with a bias, perhaps a sum, perhaps a ReLU behind them, rounded once. In 16 bits
 * cuDNN does it all, if the bias has them too and it can; otherwise operands are widened. In
 * FLOAT32 a pass of ours is behind.
 */
final class BiasedConvolutionKernels {
  private static final int ADDEND = 3;

  private final OpenGpu gpu;
  private final ConvolutionKernels convolution;
  private final MatrixKernels matrix;
  private final AlgorithmSearch search;

  BiasedConvolutionKernels(
      OpenGpu gpu, ConvolutionKernels convolution, MatrixKernels matrix, AlgorithmSearch search) {
    this.gpu = gpu;
    this.convolution = convolution;
    this.matrix = matrix;
    this.search = search;
  }

  /**
   * A convolution and what is behind it.
   *
   * @param sum whether operand 3 is added
   */
  private record Biased(Conv2d conv, boolean sum, boolean relu, List<TensorType> in, TensorType y) {
    Convolution problem() {
      return new Convolution(conv.window(), conv.groups(), in.get(0), in.get(1), y);
    }

    boolean isNarrow() {
      return y.dtype() != DType.FLOAT32;
    }
  }

  Kernel bias(Conv2dBias fused, List<TensorType> in, List<TensorType> out) {
    return kernel(new Biased(fused.conv(), false, fused.relu(), in, out.getFirst()));
  }

  Kernel biasAdd(Conv2dBiasAdd fused, List<TensorType> in, List<TensorType> out) {
    return kernel(new Biased(fused.conv(), true, fused.relu(), in, out.getFirst()));
  }

  private Kernel kernel(Biased biased) {
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    Convolution problem = biased.problem();
    if (!biased.isNarrow()) {
      convolution.forward(kernel, problem, new Places(in(0), in(1), out(0)));
      add(kernel, biased, out(0));
      return kernel.build();
    }
    if (!problem.isDense() && biased.in().get(BIAS).dtype() == biased.y().dtype()) {
      Optional<Algorithm> algorithm = search.findBiased(problem.evenlyPadded(), biased.relu());
      if (algorithm.isPresent()) {
        return together(kernel, biased, algorithm.get());
      }
    }
    Address sum = kernel.scratch(biased.y().with(DType.FLOAT32).bytes());
    if (problem.isDense()) {
      product(kernel, problem, sum);
    } else {
      widened(kernel, problem, sum);
    }
    add(kernel, biased, sum);
    TensorType wide = biased.y().with(DType.FLOAT32);
    ElementwiseKernels.cast(kernel, wide, biased.y().dtype(), sum, out(0));
    return kernel.build();
  }

  /** CuBLAS gives in FLOAT32 what it sums in FLOAT32. */
  private void product(CudaKernel.Builder kernel, Convolution problem, Address sum) {
    Extents extents = new Extents(problem.samples(), problem.inputs(), problem.outputs());
    Blas.Product product = matrix.product(problem.x().dtype(), DType.FLOAT32, extents, false, true);
    matrix.add(kernel, product, in(0), in(1), sum);
  }

  /** CuDNN rounds what it convolves of 16 bits, which is too early for a bias of FLOAT32. */
  private void widened(CudaKernel.Builder kernel, Convolution problem, Address sum) {
    Address x = ConvolutionKernels.widened(kernel, problem.x(), in(0));
    Address filter = ConvolutionKernels.widened(kernel, problem.filter(), in(1));
    convolution.forward(kernel, problem.wide(), new Places(x, filter, sum));
  }

  /** Adds what is behind to a convolution that lies in FLOAT32 at {@code sum}. */
  private static void add(CudaKernel.Builder kernel, Biased biased, Address sum) {
    TensorType y = biased.y().with(DType.FLOAT32);
    Address bias = inFloat32(kernel, biased, BIAS);
    ElementwiseKernels.biasAdd(
        kernel, y, new ElementwiseKernels.Biased(sum, bias, sum), biased.relu() && !biased.sum());
    if (biased.sum()) {
      String name = biased.relu() ? "add_relu" : "add";
      ElementwiseKernels.binary(kernel, name, y, sum, inFloat32(kernel, biased, ADDEND));
    }
  }

  private static Address inFloat32(CudaKernel.Builder kernel, Biased biased, int operand) {
    TensorType type = biased.in().get(operand);
    return type.dtype() == DType.FLOAT32
        ? in(operand)
        : ConvolutionKernels.widened(kernel, type, in(operand));
  }

  private Kernel together(CudaKernel.Builder kernel, Biased biased, Algorithm algorithm) {
    Convolution problem = biased.problem();
    Convolution even = problem.evenlyPadded();
    Address x = ConvolutionKernels.padded(kernel, problem, even, in(0));
    Dnn.Descriptors descriptors = search.descriptors(even, algorithm.mathType());
    Dnn.Ending ending = search.ending(biased.y(), biased.relu());
    Address scratch = kernel.scratch(algorithm.workspaceBytes());
    kernel.step(
        "cuDNN algorithm " + algorithm.number() + " with what is behind",
        operands -> {
          Addresses addresses =
              new Addresses(
                  x.value(operands),
                  in(1).value(operands),
                  out(0).value(operands),
                  algorithm.workspaceBytes() == 0 ? 0 : scratch.value(operands),
                  algorithm.workspaceBytes());
          Dnn.Added added =
              new Dnn.Added(
                  in(BIAS).value(operands), biased.sum() ? in(ADDEND).value(operands) : 0);
          return () ->
              gpu.dnn()
                  .convolve(
                      gpu.dnnHandle(), algorithm.number(), descriptors, ending, addresses, added);
        });
    return kernel.inPlace((input, output) -> input == ADDEND).build();
  }
}
