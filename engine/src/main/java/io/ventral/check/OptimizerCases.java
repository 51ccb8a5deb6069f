package io.ventral.check;

import io.ventral.op.AdamStep;
import io.ventral.op.AlexNetStep;
import io.ventral.op.OptimizerStep;
import io.ventral.op.RmsPropStep;
import io.ventral.op.Segment;
import io.ventral.op.SgdStep;
import io.ventral.tensor.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Optimizer steps over two parameters of different rate and decay, taken and skipped. */
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
      cases.add(of(step, 1, 0));
      cases.add(of(step, 1, 5));
      cases.add(of(step, 0, 5));
    }
    return cases;
  }

  private static OpCase of(OptimizerStep step, int apply, int applied) {
    List<Operand> operands = new ArrayList<>();
    operands.add(Operand.scalar(DType.FLOAT64, 0.01));
    operands.add(Operand.scalar(DType.INT32, apply));
    operands.add(Operand.scalar(DType.INT64, applied));
    // Parameters, gradients, then slots, which as squares must not be negative.
    operands.addAll(pair(new Fill.Uniform(-1, 1)));
    operands.addAll(pair(new Fill.Uniform(-1, 1)));
    Collections.nCopies(step.slots().size(), new Fill.Uniform(0, 1))
        .forEach(slot -> operands.addAll(pair(slot)));
    String name = "%s apply %d after %d".formatted(step.label(), apply, applied);
    return new OpCase(name, step, operands);
  }

  private static List<Operand> pair(Fill fill) {
    return List.of(Operand.fixed(fill, 4, 3, 2, 3), Operand.fixed(fill, 5));
  }
}
