package io.ventral.check;

import io.ventral.op.FiniteCheck;
import io.ventral.op.TopKCount;
import io.ventral.tensor.DType;
import java.util.List;

/** Counts and flags. */
final class MetricCases {
  private static final Fill SCORES = new Fill.Distinct(0.375);
  private static final Fill WEIGHTS = new Fill.Integers(2);

  private MetricCases() {}

  static List<OpCase> all() {
    return List.of(
        topK("TopKCount k 1", 1, SCORES, Operand.labels(16, 6)),
        topK("TopKCount k 5", 5, SCORES, Operand.labels(16, 6)),
        topK("TopKCount of equal scores", 2, new Fill.Same(1), Operand.labels(16, 6)),
        topK("TopKCount of labels that are no class", 6, SCORES, Operand.labels(-1.0, 6.0, 5.0)),
        topK(
            "TopKCount beside NaN",
            1,
            new Fill.Given(List.of(1.0, Double.NaN, 0.0, Double.NaN, 1.0, Double.NaN)),
            3,
            Operand.labels(0.0, 0.0)),
        OpCase.of(
            "FiniteCheck of finite numbers",
            new FiniteCheck(),
            Operand.fixed(3, 4),
            Operand.fixed(2, 3, 4, 5)),
        finite("FiniteCheck of a NaN", Double.NaN),
        finite("FiniteCheck of an infinity", Double.NEGATIVE_INFINITY),
        continued("FiniteCheck after a good one", 1, 2.0),
        continued("FiniteCheck after a bad one", 0, 2.0),
        continued("FiniteCheck of a NaN after a good one", 1, Double.NaN));
  }

  private static OpCase topK(String name, int k, Fill scores, Operand labels) {
    return topK(name, k, scores, 6, labels);
  }

  private static OpCase topK(String name, int k, Fill scores, int classes, Operand labels) {
    int samples = labels.type().extent(0);
    return OpCase.of(
        name,
        new TopKCount(k),
        Operand.fixed(scores, samples, classes),
        labels,
        Operand.fixed(WEIGHTS, samples));
  }

  private static OpCase finite(String name, double odd) {
    return OpCase.of(
        name,
        new FiniteCheck(),
        Operand.fixed(3, 4),
        Operand.fixed(new Fill.Given(List.of(1.0, odd, 2.0)), 3));
  }

  private static OpCase continued(String name, double flag, double odd) {
    return OpCase.of(
        name,
        new FiniteCheck(true),
        Operand.scalar(DType.INT32, flag),
        Operand.fixed(3, 4),
        Operand.fixed(new Fill.Given(List.of(1.0, odd, -2.0)), 3));
  }
}
