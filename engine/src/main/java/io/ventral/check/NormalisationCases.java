package io.ventral.check;

import io.ventral.op.BatchNormAddReluGrad;
import io.ventral.op.BatchNormAddReluTrain;
import io.ventral.op.BatchNormFold;
import io.ventral.op.BatchNormGrad;
import io.ventral.op.BatchNormInfer;
import io.ventral.op.BatchNormInferGrad;
import io.ventral.op.BatchNormReluTrain;
import io.ventral.op.BatchNormTrain;
import io.ventral.op.LocalResponseNorm;
import io.ventral.op.RunningAverage;
import io.ventral.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Batch normalisation and local response normalisation. */
final class NormalisationCases {
  private static final Fill POSITIVE = new Fill.Uniform(0.5, 2);

  private NormalisationCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    cases.addAll(batch(1, 4, 3, 5, 6));
    cases.addAll(batch(2, 5, 3, 3, 2));
    cases.addAll(batch(3, 3, 4, 2, 2));
    cases.addAll(batch(1, 6, 5));
    cases.addAll(batch(2, 5, 4));
    cases.addAll(batch(1, 3, 2, 7));
    cases.addAll(batch(1, 1, 3, 4, 4));
    cases.add(rectified(4, 3, 5, 6));
    cases.add(rectified(1, 16, 3, 3));
    cases.add(rectified(2, 5, 1, 2));
    cases.addAll(added(1, 4, 3, 5, 6));
    cases.addAll(added(1, 2, 16, 3, 3));
    cases.addAll(added(2, 5, 8, 1, 2));
    cases.addAll(added(1, 6, 5));
    for (int size : new int[] {1, 2, 4, 5}) {
      cases.add(localResponse(size, 0.75, 2, 7, 3, 4));
    }
    cases.add(localResponse(4, 0.6, 2, 7, 3, 4));
    cases.add(localResponse(9, 0.75, 1, 5, 3, 1));
    cases.add(localResponse(5, 0.75, 1, 16, 2, 1));
    cases.add(localResponse(5, 0.75, 1, 37, 1, 2));
    cases.add(localResponse(5, 0.75, 3, 6));
    cases.add(localResponse(5, 0.75, 2, 2, 3));
    cases.add(localResponse(5, 0.75, 1, 1, 2, 2));
    cases.add(folded(false, 4, 3, 3, 3));
    cases.add(folded(true, 7, 5, 1, 1));
    cases.add(folded(true, 1, 2, 5, 3));
    cases.add(average(0.1, 1));
    cases.add(average(0.1, 0));
    cases.add(average(1, 1));
    return cases;
  }

  private static OpCase rectified(int... x) {
    return OpCase.of(
        "BatchNormReluTrain " + Operand.fixed(x).type().shape(),
        new BatchNormReluTrain(new BatchNormTrain(1e-5, 1)),
        Operand.smooth(x),
        Operand.smooth(POSITIVE, x[1]),
        Operand.smooth(x[1]));
  }

  private static List<OpCase> added(int groups, int... x) {
    BatchNormTrain train = new BatchNormTrain(1e-5, groups);
    int c = x[1];
    String name = Operand.fixed(x).type().shape() + (groups == 1 ? "" : " groups " + groups);
    return List.of(
        OpCase.of(
            "BatchNormAddReluTrain " + name,
            new BatchNormAddReluTrain(train),
            Operand.smooth(x),
            Operand.smooth(POSITIVE, c),
            Operand.smooth(c),
            Operand.smooth(x)),
        OpCase.of(
            "BatchNormAddReluGrad " + name,
            new BatchNormAddReluGrad(train),
            Operand.fixed(x),
            Operand.fixed(POSITIVE, c),
            Operand.fixed(groups, c),
            Operand.fixed(POSITIVE, groups, c),
            Operand.fixed(x),
            Operand.fixed(x)));
  }

  private static List<OpCase> batch(int groups, int... x) {
    BatchNormTrain train = new BatchNormTrain(1e-5, groups);
    int c = x[1];
    String name = Operand.fixed(x).type().shape() + (groups == 1 ? "" : " groups " + groups);
    Operand scale = Operand.smooth(POSITIVE, c);
    Operand mean = Operand.fixed(c);
    Operand variance = Operand.fixed(POSITIVE, c);
    return List.of(
        OpCase.of("BatchNormTrain " + name, train, Operand.smooth(x), scale, Operand.smooth(c)),
        OpCase.of(
            "BatchNormGrad " + name,
            new BatchNormGrad(train),
            Operand.fixed(x),
            Operand.fixed(POSITIVE, c),
            Operand.fixed(groups, c),
            Operand.fixed(POSITIVE, groups, c),
            Operand.fixed(x)),
        OpCase.of(
            "BatchNormInfer " + name,
            new BatchNormInfer(1e-3),
            Operand.smooth(x),
            scale,
            Operand.smooth(c),
            mean,
            variance),
        OpCase.of(
            "BatchNormInferGrad " + name,
            new BatchNormInferGrad(1e-3),
            Operand.fixed(x),
            Operand.fixed(POSITIVE, c),
            mean,
            variance,
            Operand.fixed(x)));
  }

  private static OpCase localResponse(int size, double beta, int... x) {
    // Alpha far above the usual 1e-4, so that the neighbours weigh.
    LocalResponseNorm op = new LocalResponseNorm(size, 0.7, beta, 1.5);
    String exponent = beta == 0.75 ? "" : " beta " + beta;
    String name =
        "LocalResponseNorm size " + size + exponent + " " + Operand.fixed(x).type().shape();
    return OpCase.of(name, op, Operand.smooth(x));
  }

  private static OpCase folded(boolean bias, int... filter) {
    int outputs = filter[0];
    Operand vector = Operand.fixed(outputs);
    List<Operand> operands =
        new ArrayList<>(
            List.of(
                Operand.fixed(filter),
                Operand.fixed(POSITIVE, outputs),
                vector,
                vector,
                Operand.fixed(POSITIVE, outputs)));
    if (bias) {
      operands.add(vector);
    }
    return OpCase.of(
        "BatchNormFold " + Operand.fixed(filter).type().shape() + (bias ? " bias" : ""),
        new BatchNormFold(1e-3),
        operands.toArray(Operand[]::new));
  }

  private static OpCase average(double momentum, int apply) {
    return OpCase.of(
        "RunningAverage momentum " + momentum + " apply " + apply,
        new RunningAverage(momentum),
        Operand.fixed(9),
        Operand.fixed(9),
        Operand.scalar(DType.INT32, apply));
  }
}
