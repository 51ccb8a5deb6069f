package io.ventral.backend.onednn;

import io.ventral.backend.Kernel;
import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.library.NativeMemory;
import io.ventral.backend.onednn.library.PrimitiveDescriptor;
import io.ventral.backend.onednn.primitive.Argument;
import io.ventral.backend.onednn.primitive.Binding;
import io.ventral.error.EngineException;
import io.ventral.op.BatchNormGrad;
import io.ventral.op.BatchNormInfer;
import io.ventral.op.BatchNormTrain;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Batch normalisation of rank 4 with one statistics group; anything else is left to the reference.
 */
final class NormalizationKernels {
  private static final int GLOBAL_STATISTICS = 1;
  private static final int SCALE_AND_SHIFT = 2 | 4;
  private static final int THEN_RELU = 8;

  private final Binding binding;
  private final Dnnl dnnl;

  NormalizationKernels(Binding binding) {
    this.binding = binding;
    this.dnnl = binding.dnnl();
  }

  /** OneDNN keeps scale, shift and statistics in float32. */
  private static boolean fits(List<TensorType> in) {
    return in.getFirst().rank() == 4 && in.get(1).dtype() == DType.FLOAT32;
  }

  private static boolean fits(BatchNormTrain norm, List<TensorType> in) {
    return fits(in) && norm.groups() == 1;
  }

  Optional<Kernel> train(BatchNormTrain norm, List<TensorType> in) {
    return fits(norm, in) ? Optional.of(training(norm, in, false)) : Optional.empty();
  }

  /** Normalises and rectifies; oneDNN's workspace, where y was positive, is what is saved. */
  Kernel trainRelu(BatchNormTrain norm, List<TensorType> in) {
    requireFit(norm, in);
    return training(norm, in, true);
  }

  private Kernel training(BatchNormTrain norm, List<TensorType> in, boolean relu) {
    TensorType x = in.getFirst();
    MemorySegment data = dnnl.descriptor(x);
    MemorySegment vector = dnnl.descriptor(in.get(1));
    PrimitiveDescriptor descriptor =
        forward(Dnnl.FORWARD_TRAINING, data, norm.epsilon(), flags(relu));
    List<Argument> arguments =
        new ArrayList<>(
            List.of(
                Argument.input(Argument.SRC, data, 0),
                Argument.input(Argument.SCALE, vector, 1),
                Argument.input(Argument.SHIFT, vector, 2),
                Argument.output(Argument.DST, data, 0),
                Argument.output(Argument.MEAN, vector, 1),
                Argument.output(Argument.VARIANCE, vector, 2)));
    if (relu) {
      arguments.add(Argument.output(Argument.WORKSPACE, descriptor.workspace(), 4));
    }
    return binding
        .kernel()
        .primitive(descriptor, arguments.toArray(Argument[]::new))
        .loop("unbiased variance", operands -> unbiased(operands, x))
        .saves(relu ? dnnl.bytes(descriptor.workspace()) : 0)
        .build();
  }

  Optional<Kernel> grad(BatchNormGrad grad, List<TensorType> in) {
    return fits(grad.forward(), in)
        ? Optional.of(gradient(grad.forward(), in, false))
        : Optional.empty();
  }

  Kernel gradRelu(BatchNormTrain norm, List<TensorType> in) {
    requireFit(norm, in);
    return gradient(norm, in, true);
  }

  /** Operands are x, scale, mean, variance, with {@code relu} what was saved, and dy. */
  private Kernel gradient(BatchNormTrain norm, List<TensorType> in, boolean relu) {
    MemorySegment data = dnnl.descriptor(in.getFirst());
    MemorySegment vector = dnnl.descriptor(in.get(1));
    int dy = relu ? 5 : 4;
    PrimitiveDescriptor hint = forward(Dnnl.FORWARD_TRAINING, data, norm.epsilon(), flags(relu));
    List<Argument> arguments =
        new ArrayList<>(
            List.of(
                Argument.input(Argument.SRC, data, 0),
                Argument.input(Argument.SCALE, vector, 1),
                Argument.input(Argument.MEAN, vector, 2),
                Argument.input(Argument.VARIANCE, vector, 3),
                Argument.input(Argument.DIFF_DST, data, dy),
                Argument.output(Argument.DIFF_SRC, data, 0),
                Argument.output(Argument.DIFF_SCALE, vector, 1),
                Argument.output(Argument.DIFF_SHIFT, vector, 2)));
    if (relu) {
      arguments.add(Argument.input(Argument.WORKSPACE, hint.workspace(), 4));
    }
    return binding
        .kernel()
        .primitive(
            backward(data, norm.epsilon(), flags(relu), hint), arguments.toArray(Argument[]::new))
        .inPlace((input, output) -> input == dy && output == 0)
        .build();
  }

  private static int flags(boolean relu) {
    return relu ? SCALE_AND_SHIFT | THEN_RELU : SCALE_AND_SHIFT;
  }

  /** What oneDNN saves the reference cannot read, so there is no other kernel to turn to. */
  private static void requireFit(BatchNormTrain norm, List<TensorType> in) {
    if (!fits(norm, in)) {
      throw EngineException.unsupported(
          "oneDNN fuses normalisation and ReLU for rank 4, one statistics group and float32"
              + " statistics alone, not for "
              + in.getFirst());
    }
  }

  /** Writes output 3 = output 2 · m / (m − 1). */
  private static Launch unbiased(Operands operands, TensorType x) {
    MemorySegment variance = NativeMemory.of(operands.outputs().get(2));
    MemorySegment unbiased = NativeMemory.of(operands.outputs().get(3));
    int channels = x.extent(1);
    double count = (double) x.elements() / channels;
    float factor = (float) (count / (count - 1));
    return () -> {
      for (int c = 0; c < channels; c++) {
        float value = variance.getAtIndex(ValueLayout.JAVA_FLOAT, c);
        unbiased.setAtIndex(ValueLayout.JAVA_FLOAT, c, value * factor);
      }
    };
  }

  Optional<Kernel> infer(BatchNormInfer norm, List<TensorType> in) {
    TensorType x = in.getFirst();
    if (!fits(in)) {
      return Optional.empty();
    }
    MemorySegment data = dnnl.descriptor(x);
    MemorySegment vector = dnnl.descriptor(in.get(1));
    return Optional.of(
        binding
            .kernel()
            .primitive(
                forward(
                    Dnnl.FORWARD_INFERENCE,
                    data,
                    norm.epsilon(),
                    GLOBAL_STATISTICS | SCALE_AND_SHIFT),
                Argument.input(Argument.SRC, data, 0),
                Argument.input(Argument.SCALE, vector, 1),
                Argument.input(Argument.SHIFT, vector, 2),
                Argument.input(Argument.MEAN, vector, 3),
                Argument.input(Argument.VARIANCE, vector, 4),
                Argument.output(Argument.DST, data, 0))
            .inPlace((input, output) -> input == 0)
            .build());
  }

  private PrimitiveDescriptor backward(
      MemorySegment data, double epsilon, int flags, PrimitiveDescriptor hint) {
    return dnnl.primitive(
        "dnnl_batch_normalization_backward_primitive_desc_create",
        Dnnl.BACKWARD,
        data,
        data,
        data,
        (float) epsilon,
        flags,
        hint.handle());
  }

  private PrimitiveDescriptor forward(
      int propagation, MemorySegment data, double epsilon, int flags) {
    return dnnl.primitive(
        "dnnl_batch_normalization_forward_primitive_desc_create",
        propagation,
        data,
        data,
        (float) epsilon,
        flags);
  }
}
