package io.ventral.backend.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;

import io.ventral.backend.Kernel;
import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.library.PrimitiveDescriptor;
import io.ventral.backend.onednn.primitive.Argument;
import io.ventral.backend.onednn.primitive.Binding;
import io.ventral.op.Concat;
import io.ventral.op.LeakyRelu;
import io.ventral.op.LeakyReluGrad;
import io.ventral.op.Scale;
import io.ventral.op.Slice;
import io.ventral.tensor.DType;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Activations, sums and products element by element, joining and cutting. */
final class ElementwiseKernels {
  private static final int RELU = 32;
  private static final int TANH = 33;
  private static final int LINEAR = 38;
  private static final int LOGISTIC = 41;
  private static final int MULTIPLY = 131057;

  /** Added to an algorithm: its gradient is computed from the result, not the operand. */
  private static final int FROM_RESULT_RELU = 256;

  private static final int FROM_RESULT_TANH = 257;
  private static final int FROM_RESULT_LOGISTIC = 260;

  private final Binding binding;
  private final Dnnl dnnl;

  ElementwiseKernels(Binding binding) {
    this.binding = binding;
    this.dnnl = binding.dnnl();
  }

  Kernel relu(List<TensorType> in) {
    return forward(RELU, 0, in);
  }

  Kernel reluGrad(List<TensorType> in) {
    return backward(FROM_RESULT_RELU, 0, Argument.DST, in);
  }

  Kernel leakyRelu(LeakyRelu relu, List<TensorType> in) {
    return forward(RELU, relu.slope(), in);
  }

  Kernel leakyReluGrad(LeakyReluGrad relu, List<TensorType> in) {
    return backward(RELU, relu.slope(), Argument.SRC, in);
  }

  Kernel sigmoid(List<TensorType> in) {
    return forward(LOGISTIC, 0, in);
  }

  Kernel sigmoidGrad(List<TensorType> in) {
    return backward(FROM_RESULT_LOGISTIC, 0, Argument.DST, in);
  }

  Kernel tanh(List<TensorType> in) {
    return forward(TANH, 0, in);
  }

  Kernel tanhGrad(List<TensorType> in) {
    return backward(FROM_RESULT_TANH, 0, Argument.DST, in);
  }

  Kernel scale(Scale scale, List<TensorType> in) {
    return forward(LINEAR, scale.factor(), in);
  }

  private Kernel forward(int algorithm, double alpha, List<TensorType> in) {
    MemorySegment data = dnnl.descriptor(in.getFirst());
    return binding
        .kernel()
        .primitive(
            forward(algorithm, alpha, data),
            Argument.input(Argument.SRC, data, 0),
            Argument.output(Argument.DST, data, 0))
        .inPlace((input, output) -> true)
        .build();
  }

  private PrimitiveDescriptor forward(int algorithm, double alpha, MemorySegment data) {
    return dnnl.primitive(
        "dnnl_eltwise_forward_primitive_desc_create",
        Dnnl.FORWARD_TRAINING,
        algorithm,
        data,
        data,
        (float) alpha,
        0f);
  }

  /** Inputs are what the gradient is computed from, {@code known}, and dy. */
  private Kernel backward(int algorithm, double alpha, int known, List<TensorType> in) {
    MemorySegment data = dnnl.descriptor(in.getFirst());
    PrimitiveDescriptor descriptor =
        dnnl.primitive(
            "dnnl_eltwise_backward_primitive_desc_create",
            algorithm,
            data,
            data,
            data,
            (float) alpha,
            0f,
            forward(algorithm, alpha, data).handle());
    return binding
        .kernel()
        .primitive(
            descriptor,
            Argument.input(known, data, 0),
            Argument.input(Argument.DIFF_DST, data, 1),
            Argument.output(Argument.DIFF_SRC, data, 0))
        .inPlace((input, output) -> input == 1)
        .build();
  }

  Kernel add(List<TensorType> in) {
    return binary(Dnnl.ADD, dnnl.descriptor(in.get(0)), dnnl.descriptor(in.get(1)));
  }

  Kernel multiply(List<TensorType> in) {
    return binary(MULTIPLY, dnnl.descriptor(in.get(0)), dnnl.descriptor(in.get(1)));
  }

  /** The bias is repeated along every axis but that of the channels. */
  Kernel biasAdd(List<TensorType> in) {
    TensorType x = in.getFirst();
    long[] extents = new long[x.rank()];
    long[] strides = new long[x.rank()];
    Arrays.fill(extents, 1);
    Arrays.fill(strides, x.extent(1));
    extents[1] = x.extent(1);
    strides[1] = 1;
    return binary(
        Dnnl.ADD, dnnl.descriptor(x), dnnl.descriptor(in.get(1).dtype(), extents, strides));
  }

  private Kernel binary(int algorithm, MemorySegment first, MemorySegment second) {
    return binary(
        dnnl.primitive("dnnl_binary_primitive_desc_create", algorithm, first, second, first),
        first,
        second);
  }

  /** Returns the rectified sum. */
  Kernel addRelu(List<TensorType> in) {
    MemorySegment data = dnnl.descriptor(in.getFirst());
    return binary(dnnl.sum(data, /* relu= */ true), data, data);
  }

  private Kernel binary(PrimitiveDescriptor descriptor, MemorySegment first, MemorySegment second) {
    return binding
        .kernel()
        .primitive(
            descriptor,
            Argument.input(Argument.SRC, first, 0),
            Argument.input(Argument.SRC_1, second, 1),
            Argument.output(Argument.DST, first, 0))
        .inPlace((input, output) -> input == 0)
        .build();
  }

  /** Returns the reordering that rounds, where oneDNN has both formats. */
  Optional<Kernel> cast(List<TensorType> in, List<TensorType> out) {
    TensorType from = in.getFirst();
    TensorType to = out.getFirst();
    if (!isReal(from.dtype()) || !isReal(to.dtype())) {
      return Optional.empty();
    }
    return binding.offered(() -> reordering(from, to));
  }

  private Kernel reordering(TensorType from, TensorType to) {
    MemorySegment source = dnnl.descriptor(from);
    MemorySegment target = dnnl.descriptor(to);
    return binding
        .kernel()
        .primitive(
            dnnl.reorder(source, target),
            Argument.input(Argument.SRC, source, 0),
            Argument.output(Argument.DST, target, 0))
        .build();
  }

  private static boolean isReal(DType dtype) {
    return switch (dtype) {
      case FLOAT32, FLOAT16, BFLOAT16 -> true;
      case FLOAT64, INT64, INT32, UINT8, OPAQUE -> false;
    };
  }

  Kernel concat(Concat concat, List<TensorType> in, List<TensorType> out) {
    MemorySegment result = dnnl.descriptor(out.getFirst());
    MemorySegment parts = dnnl.arena().allocate(ADDRESS, in.size());
    Argument[] arguments = new Argument[in.size() + 1];
    for (int i = 0; i < in.size(); i++) {
      MemorySegment part = dnnl.descriptor(in.get(i));
      parts.setAtIndex(ADDRESS, i, part);
      arguments[i] = Argument.input(Argument.MULTIPLE_SRC + i, part, i);
    }
    arguments[in.size()] = Argument.output(Argument.DST, result, 0);
    PrimitiveDescriptor descriptor =
        dnnl.primitive(
            "dnnl_concat_primitive_desc_create", result, in.size(), concat.axis(), parts);
    return binding.kernel().primitive(descriptor, arguments).build();
  }

  /** A part of a tensor is a tensor with the strides of the whole. */
  Kernel slice(Slice slice, List<TensorType> in, List<TensorType> out) {
    TensorType x = in.getFirst();
    Shape part = out.getFirst().shape();
    long[] extents = Arrays.stream(part.extents()).asLongStream().toArray();
    long[] strides = x.shape().memoryStrides();
    MemorySegment from = dnnl.descriptor(x.dtype(), extents, strides);
    MemorySegment to = dnnl.descriptor(out.getFirst());
    long offset = slice.begin() * strides[slice.axis()] * x.dtype().bytes();
    return binding
        .kernel()
        .primitive(
            dnnl.reorder(from, to),
            new Argument(Argument.SRC, from, new Argument.Input(0, offset)),
            Argument.output(Argument.DST, to, 0))
        .build();
  }
}
