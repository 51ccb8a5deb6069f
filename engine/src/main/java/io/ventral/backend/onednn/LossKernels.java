package io.ventral.backend.onednn;

import io.ventral.backend.Kernel;
import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.library.PrimitiveDescriptor;
import io.ventral.backend.onednn.loop.CrossEntropyGradLoop;
import io.ventral.backend.onednn.loop.CrossEntropyLoop;
import io.ventral.backend.onednn.loop.TopKLoop;
import io.ventral.backend.onednn.primitive.Argument;
import io.ventral.backend.onednn.primitive.Binding;
import io.ventral.backend.onednn.primitive.Step;
import io.ventral.op.SoftmaxCrossEntropy;
import io.ventral.op.TopKCount;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What is done with scores: softmax by oneDNN, cross-entropy and hits by loops of ours. Empty where
 * the reference's loop is taken instead.
 */
final class LossKernels {
  private static final int ACCURATE = 0x30000;
  private static final int CLASS_AXIS = 1;

  private final Binding binding;
  private final Dnnl dnnl;

  LossKernels(Binding binding) {
    this.binding = binding;
    this.dnnl = binding.dnnl();
  }

  Optional<Kernel> softmax(List<TensorType> in) {
    MemorySegment data = dnnl.descriptor(in.getFirst());
    return fast(
        () -> forward(data),
        Argument.input(Argument.SRC, data, 0),
        Argument.output(Argument.DST, data, 0));
  }

  /** Inputs are y and dy. */
  Optional<Kernel> softmaxGrad(List<TensorType> in) {
    MemorySegment data = dnnl.descriptor(in.getFirst());
    return fast(
        () ->
            dnnl.primitive(
                "dnnl_softmax_backward_primitive_desc_create",
                ACCURATE,
                data,
                data,
                data,
                CLASS_AXIS,
                forward(data).handle()),
        Argument.input(Argument.DST, data, 0),
        Argument.input(Argument.DIFF_DST, data, 1),
        Argument.output(Argument.DIFF_SRC, data, 0));
  }

  private PrimitiveDescriptor forward(MemorySegment data) {
    return dnnl.primitive(
        "dnnl_softmax_forward_primitive_desc_create",
        Dnnl.FORWARD_TRAINING,
        ACCURATE,
        data,
        data,
        CLASS_AXIS);
  }

  private Optional<Kernel> fast(Supplier<PrimitiveDescriptor> primitive, Argument... arguments) {
    return binding.offered(() -> binding.kernel().primitive(primitive.get(), arguments).build());
  }

  Optional<Kernel> crossEntropy(SoftmaxCrossEntropy loss, List<TensorType> in) {
    return loop(
        "loop: logarithm of a sum",
        in,
        operands -> new CrossEntropyLoop(binding.team(), loss.labelSmoothing(), operands));
  }

  Optional<Kernel> crossEntropyGrad(SoftmaxCrossEntropy loss, List<TensorType> in) {
    return loop(
        "loop: probabilities",
        in,
        operands -> new CrossEntropyGradLoop(binding.team(), loss.labelSmoothing(), operands));
  }

  Optional<Kernel> topK(TopKCount count, List<TensorType> in) {
    return in.get(2).dtype() == DType.FLOAT32
        ? loop("loop: ranks", in, operands -> new TopKLoop(count.k(), operands))
        : Optional.empty();
  }

  private Optional<Kernel> loop(String name, List<TensorType> in, Step step) {
    return in.getFirst().dtype() == DType.FLOAT32
        ? Optional.of(binding.kernel().loop(name, step).build())
        : Optional.empty();
  }
}
