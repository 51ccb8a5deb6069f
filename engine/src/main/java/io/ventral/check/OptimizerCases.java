package io.ventral.check;

import io.ventral.op.AdamStep;
import io.ventral.op.AlexNetStep;
import io.ventral.op.LossScaleStep;
import io.ventral.op.OptimizerStep;
import io.ventral.op.RmsPropStep;
import io.ventral.op.Segment;
import io.ventral.op.SgdStep;
import io.ventral.tensor.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Optimizer steps over two parameters of different rate and decay, taken and skipped, and what
 * becomes of the loss scale.
 */
final class OptimizerCases {
  private static final List<Segment> SEGMENTS = List.of(new Segment(1, 0.05), new Segment(2, 0));

  private OptimizerCases() {}

  static List<OpCase> all() {
    List<OptimizerStep> steps =
        List.of(
            new SgdStep(0, false, SEGMENTS),
            new SgdStep(0.9, false, SEGMENTS),
            new SgdStep(0.9, true, SEGMENTS),
            new AlexNetStep(0.9, SEGMENTS),
            new AdamStep(0.9, 0.999, 1e-8, false, SEGMENTS),
            new AdamStep(0.8, 0.99, 1e-6, true, SEGMENTS),
            new RmsPropStep(0.99, 1e-8, 0, SEGMENTS),
            new RmsPropStep(0.9, 1e-3, 0.9, SEGMENTS));
    List<OpCase> cases = new ArrayList<>();
    for (OptimizerStep step : steps) {
      cases.add(of(step, 1, 0, 1));
      cases.add(of(step, 1, 5, 8));
      cases.add(of(step, 0, 5, 8));
    }
    cases.addAll(lossScale(new LossScaleStep(2, 0.5, 3, 1, 4096)));
    cases.addAll(lossScale(new LossScaleStep(1.5, 0.25, 3, 0.5, 4096)));
    return cases;
  }

  private static List<OpCase> lossScale(LossScaleStep rule) {
    return List.of(
        of("counts", rule, 64, 1, 1, 1),
        of("grows", rule, 64, 2, 1, 1),
        of("grows late", rule, 64, 9, 1, 1),
        of("grows no further", rule, 4096, 2, 1, 1),
        of("backs off", rule, 64, 2, 1, 0),
        of("backs off no further", rule, 1.5 * rule.least(), 2, 1, 0),
        of("is at its end", rule, rule.least(), 2, 1, 0),
        of("does not help", rule, 64, 2, 0, 0));
  }

  private static OpCase of(
      String what, LossScaleStep rule, double scale, int good, int healthy, int finite) {
    return OpCase.of(
        rule.label() + " " + what,
        rule,
        Operand.scalar(DType.FLOAT64, scale),
        Operand.scalar(DType.INT64, good),
        Operand.scalar(DType.INT64, 7),
        Operand.scalar(DType.INT32, healthy),
        Operand.scalar(DType.INT32, finite));
  }

  private static OpCase of(OptimizerStep step, int apply, int applied, double scale) {
    List<Operand> operands = new ArrayList<>();
    operands.add(Operand.scalar(DType.FLOAT64, 0.01));
    operands.add(Operand.scalar(DType.INT32, apply));
    operands.add(Operand.scalar(DType.INT64, applied));
    operands.add(Operand.scalar(DType.FLOAT64, scale));
    // Parameters, gradients, then slots, which as squares must not be negative.
    operands.addAll(pair(new Fill.Uniform(-1, 1)));
    operands.addAll(pair(new Fill.Uniform(-scale, scale)));
    Collections.nCopies(step.slots().size(), new Fill.Uniform(0, 1))
        .forEach(slot -> operands.addAll(pair(slot)));
    String name = "%s apply %d after %d scale %s".formatted(step.label(), apply, applied, scale);
    return new OpCase(name, step, operands);
  }

  private static List<Operand> pair(Fill fill) {
    return List.of(Operand.fixed(fill, 4, 3, 2, 3), Operand.fixed(fill, 5));
  }
}
