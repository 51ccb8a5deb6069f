package io.ventral.backend.onednn;

import io.ventral.backend.Flattening;
import io.ventral.backend.Kernel;
import io.ventral.backend.onednn.loop.AverageLoop;
import io.ventral.backend.onednn.loop.RepetitionLoop;
import io.ventral.backend.onednn.loop.SumLoop;
import io.ventral.backend.onednn.primitive.Binding;
import io.ventral.backend.onednn.primitive.Step;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Sums over axes, their transpose, and running averages: small, but in every step. Empty where the
 * reference's loop is taken instead.
 */
final class ReductionKernels {
  private final Binding binding;
  private final LoopKernels loops;

  ReductionKernels(Binding binding, LoopKernels loops) {
    this.binding = binding;
    this.loops = loops;
  }

  Optional<Kernel> sum(List<Integer> axes, List<TensorType> in, List<TensorType> out) {
    return reduce(axes, in, out, 1);
  }

  Optional<Kernel> mean(List<Integer> axes, List<TensorType> in, List<TensorType> out) {
    double count = (double) in.getFirst().elements() / out.getFirst().elements();
    return reduce(axes, in, out, count);
  }

  /** Over axes of extent 1 nothing is summed. */
  private Optional<Kernel> reduce(
      List<Integer> axes, List<TensorType> in, List<TensorType> out, double divisor) {
    TensorType x = in.getFirst();
    TensorType y = out.getFirst();
    if (x.elements() == y.elements()
        && Flattening.of(x.shape(), y.shape()) instanceof Flattening.Same) {
      return Optional.of(loops.copy(in));
    }
    return x.dtype() == DType.FLOAT32
        ? loop("loop: sum", operands -> new SumLoop(binding.team(), axes, divisor, operands))
        : Optional.empty();
  }

  Optional<Kernel> broadcast(List<Integer> axes, List<TensorType> in) {
    return in.getFirst().dtype() == DType.FLOAT32
        ? loop("loop: repetition", operands -> new RepetitionLoop(binding.team(), axes, operands))
        : Optional.empty();
  }

  /** The average may lie over the one that it replaces. */
  Optional<Kernel> runningAverage(double momentum, List<TensorType> in) {
    return in.getFirst().dtype() == DType.FLOAT32
        ? Optional.of(
            binding
                .kernel()
                .loop("loop: average", operands -> new AverageLoop(momentum, operands))
                .inPlace((input, output) -> input == 0)
                .build())
        : Optional.empty();
  }

  private Optional<Kernel> loop(String name, Step step) {
    return Optional.of(binding.kernel().loop(name, step).build());
  }
}
