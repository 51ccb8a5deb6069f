package io.ventral.backend.onednn;

import io.ventral.backend.Kernel;
import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.library.PrimitiveDescriptor;
import io.ventral.backend.onednn.loop.Numbers;
import io.ventral.backend.onednn.loop.ResponseLoop;
import io.ventral.backend.onednn.primitive.Argument;
import io.ventral.backend.onednn.primitive.Binding;
import io.ventral.backend.onednn.primitive.NativeKernel;
import io.ventral.backend.onednn.primitive.Step;
import io.ventral.op.LocalResponseNorm;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * Local response normalisation: oneDNN's where it has more than a slow loop, which is at beta 0.75
 * and size 5 in FLOAT32, else loops of ours. Both divide alpha by the size. Empty where channels
 * are not innermost.
 */
final class ResponseKernels {
  private static final int ACROSS_CHANNELS = 0xAFF;

  /** The papers' size; writing its code for another, oneDNN's gradient breaks the process. */
  private static final int PROVEN_SIZE = 5;

  private final Binding binding;
  private final Dnnl dnnl;

  ResponseKernels(Binding binding) {
    this.binding = binding;
    this.dnnl = binding.dnnl();
  }

  Optional<Kernel> forward(LocalResponseNorm norm, List<TensorType> in) {
    if (!fits(in)) {
      return Optional.empty();
    }
    MemorySegment data = dnnl.descriptor(in.getFirst());
    return primitive(Dnnl.FORWARD_INFERENCE, norm, in.getFirst())
        .map(
            descriptor ->
                (Kernel)
                    binding
                        .kernel()
                        .primitive(
                            descriptor,
                            Argument.input(Argument.SRC, data, 0),
                            Argument.output(Argument.DST, data, 0))
                        .build())
        .or(() -> loop(operands -> ResponseLoop.forward(binding.team(), norm, operands)));
  }

  /** Inputs are x, y and dy. */
  Optional<Kernel> gradient(LocalResponseNorm norm, List<TensorType> in) {
    if (!fits(in)) {
      return Optional.empty();
    }
    MemorySegment data = dnnl.descriptor(in.getFirst());
    return primitive(Dnnl.FORWARD_TRAINING, norm, in.getFirst())
        .flatMap(forward -> binding.offered(() -> gradient(norm, data, forward)))
        .or(() -> loop(operands -> ResponseLoop.gradient(binding.team(), norm, operands)));
  }

  /**
   * What oneDNN's gradient wants saved is computed again: half the time of our loop even so, and
   * nothing is kept from forward to backward.
   */
  private Kernel gradient(LocalResponseNorm norm, MemorySegment data, PrimitiveDescriptor forward) {
    PrimitiveDescriptor backward =
        dnnl.primitive(
            "dnnl_lrn_backward_primitive_desc_create",
            ACROSS_CHANNELS,
            data,
            data,
            data,
            (long) norm.size(),
            (float) norm.alpha(),
            (float) norm.beta(),
            (float) norm.k(),
            forward.handle());
    NativeKernel.Builder kernel = binding.kernel();
    MemorySegment layout = forward.workspace();
    Argument saved = new Argument(Argument.WORKSPACE, layout, kernel.scratch(dnnl.bytes(layout)));
    return kernel
        .primitive(
            forward,
            Argument.input(Argument.SRC, data, 0),
            new Argument(Argument.DST, data, kernel.scratch(dnnl.bytes(data))),
            saved)
        .primitive(
            backward,
            Argument.input(Argument.SRC, data, 0),
            Argument.input(Argument.DIFF_DST, data, 2),
            saved,
            Argument.output(Argument.DIFF_SRC, data, 0))
        .build();
  }

  private Optional<PrimitiveDescriptor> primitive(
      int propagation, LocalResponseNorm norm, TensorType x) {
    MemorySegment data = dnnl.descriptor(x);
    return norm.size() != PROVEN_SIZE || x.dtype() != DType.FLOAT32
        ? Optional.empty()
        : binding
            .offered(
                () ->
                    dnnl.primitive(
                        "dnnl_lrn_forward_primitive_desc_create",
                        propagation,
                        ACROSS_CHANNELS,
                        data,
                        data,
                        (long) norm.size(),
                        (float) norm.alpha(),
                        (float) norm.beta(),
                        (float) norm.k()))
            .filter(descriptor -> !descriptor.isSlow());
  }

  private Optional<Kernel> loop(Step step) {
    return Optional.of(
        binding
            .kernel()
            .loop("loop: windows of channels", step)
            .inPlace((input, output) -> true)
            .build());
  }

  private static boolean fits(List<TensorType> in) {
    TensorType x = in.getFirst();
    return Numbers.has(x.dtype()) && x.shape().memoryStrides()[1] == 1;
  }
}
