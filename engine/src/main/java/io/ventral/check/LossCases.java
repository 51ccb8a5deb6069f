package io.ventral.check;

import io.ventral.op.MeanSquaredError;
import io.ventral.op.MeanSquaredErrorGrad;
import io.ventral.op.MulticlassHinge;
import io.ventral.op.MulticlassHingeGrad;
import io.ventral.op.Op;
import io.ventral.op.SigmoidCrossEntropy;
import io.ventral.op.SigmoidCrossEntropyGrad;
import io.ventral.op.SoftmaxCrossEntropy;
import io.ventral.op.SoftmaxCrossEntropyGrad;
import java.util.ArrayList;
import java.util.List;

/** Losses and their gradients. */
final class LossCases {
  /**
   * No difference of two multiples comes nearer than 0.125 to the margin 1, where the hinge has its
   * kink.
   */
  private static final Fill SCORES = new Fill.Distinct(0.375);

  private static final Fill WIDE = new Fill.Uniform(-4, 4);
  private static final Fill TARGETS = new Fill.Uniform(0, 1);

  private LossCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (double smoothing : new double[] {0, 0.1}) {
      SoftmaxCrossEntropy op = new SoftmaxCrossEntropy(smoothing);
      Op grad = new SoftmaxCrossEntropyGrad(op);
      cases.addAll(labelled(op.label(), op, grad, WIDE, 5, 10));
      cases.addAll(labelled(op.label(), op, grad, WIDE, 1, 1));
    }
    MulticlassHinge hinge = new MulticlassHinge(1);
    cases.addAll(labelled("MulticlassHinge", hinge, new MulticlassHingeGrad(hinge), SCORES, 4, 6));
    cases.addAll(labelled("MulticlassHinge", hinge, new MulticlassHingeGrad(hinge), SCORES, 3, 1));
    for (int[] x : new int[][] {{4, 3}, {2, 3, 2, 4}, {3, 1}}) {
      cases.addAll(pointwise(x));
    }
    cases.addAll(
        List.of(
            OpCase.of(
                "SoftmaxCrossEntropy of labels that are no class",
                new SoftmaxCrossEntropy(0),
                Operand.fixed(3, 4),
                Operand.labels(-1.0, 4.0, 2.0)),
            OpCase.of(
                "MulticlassHinge of labels that are no class",
                hinge,
                Operand.fixed(3, 4),
                Operand.labels(-1.0, 4.0, 2.0))));
    return cases;
  }

  private static List<OpCase> labelled(
      String name, Op op, Op grad, Fill fill, int samples, int classes) {
    String shape = " [%d,%d]".formatted(samples, classes);
    Operand labels = Operand.labels(samples, classes);
    return List.of(
        OpCase.of(name + shape, op, Operand.smooth(fill, samples, classes), labels),
        OpCase.of(
            "Gradient of " + name + shape,
            grad,
            Operand.fixed(fill, samples, classes),
            labels,
            Operand.fixed(samples)));
  }

  private static List<OpCase> pointwise(int... x) {
    SigmoidCrossEntropy sigmoid = new SigmoidCrossEntropy();
    MeanSquaredError squared = new MeanSquaredError();
    Operand fixed = Operand.fixed(WIDE, x);
    Operand targets = Operand.fixed(TARGETS, x);
    Operand dlosses = Operand.fixed(x[0]);
    String shape = " " + fixed.type().shape();
    return List.of(
        OpCase.of("SigmoidCrossEntropy" + shape, sigmoid, Operand.smooth(WIDE, x), targets),
        OpCase.of(
            "SigmoidCrossEntropyGrad" + shape,
            new SigmoidCrossEntropyGrad(sigmoid),
            fixed,
            targets,
            dlosses),
        OpCase.of("MeanSquaredError" + shape, squared, Operand.smooth(x), Operand.smooth(x)),
        OpCase.of(
            "MeanSquaredErrorGrad" + shape,
            new MeanSquaredErrorGrad(squared),
            fixed,
            targets,
            dlosses));
  }
}
