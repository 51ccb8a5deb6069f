package io.ventral.backend.onednn;

import io.ventral.backend.Flattening;
import io.ventral.backend.Kernel;
import io.ventral.backend.onednn.library.NativeMemory;
import io.ventral.backend.onednn.library.Team;
import io.ventral.backend.onednn.loop.BatchNormFoldLoop;
import io.ventral.backend.onednn.loop.BiasGradLoop;
import io.ventral.backend.onednn.loop.ConstantLoop;
import io.ventral.backend.onednn.loop.CopyLoop;
import io.ventral.backend.onednn.loop.Cover;
import io.ventral.backend.onednn.loop.CoverLoop;
import io.ventral.backend.onednn.loop.DropoutLoop;
import io.ventral.backend.onednn.loop.NormalizeBytesLoop;
import io.ventral.backend.onednn.loop.Numbers;
import io.ventral.backend.onednn.loop.TransposeLoop;
import io.ventral.backend.onednn.primitive.Binding;
import io.ventral.backend.onednn.primitive.Step;
import io.ventral.backend.onednn.update.FiniteLoop;
import io.ventral.backend.onednn.update.OptimizerLoop;
import io.ventral.backend.onednn.update.UpdateRule;
import io.ventral.op.AdamStep;
import io.ventral.op.AlexNetStep;
import io.ventral.op.BatchNormFold;
import io.ventral.op.Constant;
import io.ventral.op.Dropout;
import io.ventral.op.FiniteCheck;
import io.ventral.op.NormalizeBytes;
import io.ventral.op.OptimizerStep;
import io.ventral.op.RmsPropStep;
import io.ventral.op.SgdStep;
import io.ventral.tensor.DType;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * What oneDNN has no primitive for, as loops of our own that the team shares. Empty where the
 * reference's loop is taken instead.
 */
final class LoopKernels {
  private final Binding binding;
  private final Team team;

  LoopKernels(Binding binding) {
    this.binding = binding;
    this.team = binding.team();
  }

  /** Returns db from dy where channels are innermost in memory. */
  Optional<Kernel> biasGrad(List<TensorType> in) {
    Shape shape = in.getFirst().shape();
    boolean innermost = shape.memoryStrides()[1] == 1;
    if (!Numbers.has(in.getFirst().dtype()) || !innermost) {
      return Optional.empty();
    }
    return loop(
        "loop: sums a thread",
        operands ->
            new BiasGradLoop(
                team,
                in.getFirst(),
                NativeMemory.of(operands.inputs().getFirst()),
                NativeMemory.of(operands.outputs().getFirst())));
  }

  /** Returns the filter and the bias of a convolution that normalises. */
  Optional<Kernel> fold(BatchNormFold fold, List<TensorType> in) {
    return isFloat(in)
        ? loop(
            "loop: filter by filter",
            operands -> new BatchNormFoldLoop(team, fold.epsilon(), operands))
        : Optional.empty();
  }

  /** Returns a copy where memory keeps its order, else transpositions where these are enough. */
  Optional<Kernel> reshape(List<TensorType> in, List<TensorType> out) {
    return switch (Flattening.of(in.getFirst().shape(), out.getFirst().shape())) {
      case Flattening.Same same -> Optional.of(copy(in));
      case Flattening.Transposed matrices when Numbers.has(in.getFirst().dtype()) ->
          loop(
              "loop: transposition",
              operands ->
                  new TransposeLoop(
                      team,
                      in.getFirst().dtype(),
                      matrices,
                      NativeMemory.of(operands.inputs().getFirst()),
                      NativeMemory.of(operands.outputs().getFirst())));
      case Flattening.Transposed matrices -> Optional.empty();
      case Flattening.Other other -> Optional.empty();
    };
  }

  /** Returns a copy, or nothing to do where the output lies over the input. */
  Kernel copy(List<TensorType> in) {
    return binding
        .kernel()
        .loop(
            "loop: copy",
            operands ->
                new CopyLoop(
                    team,
                    NativeMemory.of(operands.inputs().getFirst()),
                    NativeMemory.of(operands.outputs().getFirst())))
        .inPlace((input, output) -> true)
        .build();
  }

  /** Returns what fills the output with one value. */
  Kernel constant(Constant constant, List<TensorType> out) {
    return binding
        .kernel()
        .loop(
            "loop: fill",
            operands -> {
              MemorySegment to = NativeMemory.of(operands.outputs().getFirst());
              return new ConstantLoop(team, out.getFirst(), constant.value(), to);
            })
        .build();
  }

  /** Returns images of bytes as the network sees them. */
  Optional<Kernel> normalize(NormalizeBytes op) {
    return Numbers.has(op.dtype())
        ? loop("loop: table", operands -> new NormalizeBytesLoop(team, op, operands))
        : Optional.empty();
  }

  /** Returns dropout with the decisions of the reference, bit for bit. */
  Optional<Kernel> dropout(Dropout dropout, List<TensorType> in) {
    if (!Numbers.has(in.getFirst().dtype())) {
      return Optional.empty();
    }
    return Optional.of(
        binding
            .kernel()
            .loop("loop: Philox", operands -> new DropoutLoop(team, dropout, operands))
            .inPlace((input, output) -> input == 0)
            .build());
  }

  /** Returns adaptive average pooling, whatever its windows. */
  Optional<Kernel> adaptive(List<TensorType> in, List<TensorType> out) {
    TensorType x = in.getFirst();
    TensorType y = out.getFirst();
    return cover(in, Cover.means(x.extent(2), y.extent(2)), Cover.means(x.extent(3), y.extent(3)));
  }

  Optional<Kernel> adaptiveGrad(List<TensorType> in, List<TensorType> out) {
    TensorType x = out.getFirst();
    TensorType y = in.getFirst();
    return cover(
        in, Cover.windows(x.extent(2), y.extent(2)), Cover.windows(x.extent(3), y.extent(3)));
  }

  private Optional<Kernel> cover(List<TensorType> in, Cover vertical, Cover horizontal) {
    return Numbers.has(in.getFirst().dtype())
        ? loop(
            "loop: sums of positions",
            operands -> new CoverLoop(team, vertical, horizontal, operands))
        : Optional.empty();
  }

  /** Returns the check of all inputs in one pass. */
  Optional<Kernel> finiteCheck(FiniteCheck check, List<TensorType> in) {
    return isFloat(check.values(in))
        ? Optional.of(
            binding
                .kernel()
                .loop("loop: largest bits", operands -> new FiniteLoop(team, check, operands))
                .inPlace((input, output) -> check.continued() && input == 0)
                .build())
        : Optional.empty();
  }

  Optional<Kernel> sgd(SgdStep step, List<TensorType> in) {
    return optimizer(step, in);
  }

  Optional<Kernel> adam(AdamStep step, List<TensorType> in) {
    return optimizer(step, in);
  }

  Optional<Kernel> rmsProp(RmsPropStep step, List<TensorType> in) {
    return optimizer(step, in);
  }

  Optional<Kernel> alexNet(AlexNetStep step, List<TensorType> in) {
    return optimizer(step, in);
  }

  private Optional<Kernel> optimizer(OptimizerStep step, List<TensorType> in) {
    if (!isFloat(step.parameters(in))) {
      return Optional.empty();
    }
    return Optional.of(
        binding
            .kernel()
            .loop(
                "loop: all parameters",
                operands -> new OptimizerLoop(team, step, UpdateRule.of(step), operands))
            .inPlace(step::replaces)
            .build());
  }

  private Optional<Kernel> loop(String name, Step step) {
    return Optional.of(binding.kernel().loop(name, step).build());
  }

  private static boolean isFloat(List<TensorType> types) {
    return types.stream().allMatch(type -> type.dtype() == DType.FLOAT32);
  }
}
