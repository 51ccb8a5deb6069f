package io.ventral.train;

import io.ventral.graph.GraphBuilder;
import io.ventral.graph.StateRole;
import io.ventral.op.LossScaleStep;
import io.ventral.op.Value;
import io.ventral.run.Fetches;
import io.ventral.run.Session;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Precision;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Dynamic loss scaling (Micikevicius et al. 2018, section 3.2), for FLOAT16, in which small
 * gradients would vanish: the gradient of the loss begins with a scale instead of 1, and the
 * optimizer divides by it. A step whose gradients overflow is skipped. The scale is a state of the
 * program, so the rule works on the device, step by step, without a word from the host. What is not
 * the scale's fault ends training as in every format.
 */
public record LossScaling(LossScaleStep rule) {
  /** What the scale begins with, where it is a state: FLOAT16 ends just below. */
  static final double INITIAL = 0x1p16;

  /**
   * The rule of PyTorch's GradScaler within bounds. Below 1, gradients would be made smaller than
   * they are. At 2²⁴ a gradient of 2⁻⁴⁸ does not vanish yet, and a smaller one, even at rate 1,
   * would take 2²⁴ steps to move a weight of 1 to the next FLOAT32, 2⁻²⁴ away.
   */
  private static final LossScaleStep RULE = new LossScaleStep(2, 0.5, 2000, 1, 0x1p24);

  /**
   * Where a run stands.
   *
   * @param scale of the next step
   * @param skippedSteps steps that were not applied, since they overflowed
   */
  public record Report(double scale, long skippedSteps) {}

  /** Returns the scaling that numbers of these formats need, if they need any. */
  public static Optional<LossScaling> of(Precision precision) {
    return precision.computed() == DType.FLOAT16
        ? Optional.of(new LossScaling(RULE))
        : Optional.empty();
  }

  /** Returns whether a state of that name is a part of loss scaling. */
  static boolean isState(String name) {
    return List.of(Names.LOSS_SCALE, Names.GOOD_STEPS, Names.SKIPPED_STEPS).contains(name);
  }

  /** Declares the scale: what the gradient of a loss of that type begins with. */
  Value declare(GraphBuilder builder, TensorType loss) {
    Value scale = builder.state(Names.LOSS_SCALE, new StateRole.LossScale(), loss);
    builder.output(Names.LOSS_SCALE, scale);
    return scale;
  }

  /**
   * Adapts the scale to a step; returns whether later ones may be applied.
   *
   * @param healthy whether the loss is finite, and all was well before
   * @param finite whether the gradients are, too
   */
  Value adapt(GraphBuilder builder, Value scale, Value healthy, Value finite) {
    TensorType count = TensorType.of(DType.INT64);
    Value good = builder.state(Names.GOOD_STEPS, new StateRole.Counter(), count);
    Value skipped = builder.state(Names.SKIPPED_STEPS, new StateRole.Counter(), count);
    List<Value> next = builder.emit(rule, List.of(scale, good, skipped, healthy, finite));
    builder.update(scale, next.get(0));
    builder.update(good, next.get(1));
    builder.update(skipped, next.get(2));
    builder.output(Names.SOUND, next.get(3));
    return next.get(3);
  }

  /** Returns whether a step was not applied only since its loss was scaled too far. */
  static boolean skipped(Fetches step) {
    return step.scalar(Names.FINITE) == 0 && step.scalar(Names.SOUND) != 0;
  }

  /** Returns where the run of a session stands, if its steps are scaled. */
  static Optional<Report> report(Session session) {
    if (!session.states().containsKey(Names.LOSS_SCALE)) {
      return Optional.empty();
    }
    try (HostTensor scale = session.read(Names.LOSS_SCALE);
        HostTensor skipped = session.read(Names.SKIPPED_STEPS)) {
      return Optional.of(new Report(scale.value(), Math.round(skipped.value())));
    }
  }
}
