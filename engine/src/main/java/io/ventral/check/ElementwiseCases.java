package io.ventral.check;

import io.ventral.op.Add;
import io.ventral.op.AddRelu;
import io.ventral.op.Cast;
import io.ventral.op.Constant;
import io.ventral.op.Copy;
import io.ventral.op.Dropout;
import io.ventral.op.LeakyRelu;
import io.ventral.op.LeakyReluGrad;
import io.ventral.op.Multiply;
import io.ventral.op.NormalizeBytes;
import io.ventral.op.Op;
import io.ventral.op.Relu;
import io.ventral.op.ReluGrad;
import io.ventral.op.Scale;
import io.ventral.op.Sigmoid;
import io.ventral.op.SigmoidGrad;
import io.ventral.op.Softmax;
import io.ventral.op.SoftmaxGrad;
import io.ventral.op.Tanh;
import io.ventral.op.TanhGrad;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Functions of single elements, softmax and dropout, each on shapes of several ranks. */
final class ElementwiseCases {
  private static final Fill AWAY_FROM_ZERO = new Fill.AwayFrom(0, 0.05);
  private static final Fill WIDE = new Fill.Uniform(-4, 4);
  private static final int[][] SHAPES = {{13}, {1, 1}, {5, 7}, {2, 3, 4, 5}, {2, 3, 5}};

  private ElementwiseCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (int[] x : SHAPES) {
      cases.add(unary(new Relu(), AWAY_FROM_ZERO, x));
      cases.add(unary(new LeakyRelu(0.1), AWAY_FROM_ZERO, x));
      cases.add(unary(new Sigmoid(), WIDE, x));
      cases.add(unary(new Tanh(), WIDE, x));
      cases.add(unary(new Scale(-2.5), WIDE, x));
      cases.add(unary(new Copy(0), WIDE, x));
      cases.add(unary(new Cast(DType.FLOAT64), WIDE, x));
      cases.add(binary(new Add(), true, x));
      cases.add(binary(new Multiply(), true, x));
      cases.add(binary(new ReluGrad(), false, x));
      cases.add(binary(new LeakyReluGrad(0.1), false, x));
      cases.add(binary(new SigmoidGrad(), false, x));
      cases.add(binary(new TanhGrad(), false, x));
      cases.add(binary(new AddRelu(), false, x));
      cases.add(constant(TensorType.of(DType.FLOAT64, x), 0.5));
      if (x.length > 1) {
        cases.add(unary(new Softmax(), WIDE, x));
        cases.add(binary(new SoftmaxGrad(), false, x));
      }
    }
    cases.add(
        OpCase.of(
            "Softmax of large numbers",
            new Softmax(),
            Operand.fixed(new Fill.Given(List.of(1000.0, 999.0, -1000.0)), 1, 3)));
    cases.add(constant(TensorType.of(DType.INT64), 1L << 40));
    cases.addAll(casts());
    cases.addAll(images());
    cases.addAll(dropouts());
    return cases;
  }

  private static OpCase unary(Op op, Fill fill, int... x) {
    Operand operand = Operand.smooth(fill, x);
    return OpCase.of(op.label() + " " + operand.type().shape(), op, operand);
  }

  private static OpCase binary(Op op, boolean differentiable, int... x) {
    TensorType type = TensorType.of(DType.FLOAT64, x);
    Operand operand = new Operand(type, AWAY_FROM_ZERO, differentiable);
    return OpCase.of(op.label() + " " + type.shape(), op, operand, operand);
  }

  private static OpCase constant(TensorType type, double value) {
    Constant op = new Constant(type, value);
    return OpCase.of(op.label(), op);
  }

  private static List<OpCase> casts() {
    List<OpCase> cases = new ArrayList<>();
    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16, DType.INT32}) {
      Cast op = new Cast(dtype);
      cases.add(OpCase.of(op.label() + " rounding", op, Operand.fixed(WIDE, 3, 2, 5, 4)));
    }
    Operand bytes =
        new Operand(TensorType.of(DType.UINT8, 2, 3, 4, 4), new Fill.Integers(256), false);
    cases.add(OpCase.of("Cast of bytes", new Cast(DType.FLOAT32), bytes));
    return cases;
  }

  private static List<OpCase> images() {
    List<Double> mean = List.of(0.485, 0.456, 0.406);
    List<Double> std = List.of(0.229, 0.224, 0.225);
    return List.of(
        image(new NormalizeBytes(DType.FLOAT64, mean, std), 2, 3, 5, 7),
        image(new NormalizeBytes(DType.FLOAT64, mean, std), 1, 3, 70, 81),
        image(new NormalizeBytes(DType.FLOAT64, mean.subList(0, 1), std.subList(0, 1)), 3, 1, 1, 5),
        image(
            new NormalizeBytes(DType.FLOAT64, List.of(0.0, 1.0), List.of(1.0, 3e-4)), 1, 2, 9, 9));
  }

  private static OpCase image(NormalizeBytes op, int... x) {
    Operand bytes = new Operand(TensorType.of(DType.UINT8, x), new Fill.Integers(256), false);
    return OpCase.of("NormalizeBytes " + bytes.type().shape(), op, bytes);
  }

  private static List<OpCase> dropouts() {
    List<OpCase> cases = new ArrayList<>();
    for (int[] x : SHAPES) {
      for (double rate : new double[] {0, 0.3}) {
        Operand operand = Operand.smooth(x);
        cases.add(
            OpCase.of(
                "Dropout rate " + rate + " " + operand.type().shape(),
                new Dropout(rate, 42, 7, 0),
                operand,
                Operand.scalar(DType.INT64, 3)));
      }
    }
    cases.add(
        OpCase.of(
            "Dropout of a later share",
            new Dropout(0.5, 1L << 40, -1, 6),
            Operand.smooth(3, 4, 2, 5),
            Operand.scalar(DType.INT64, (1L << 32) + 5)));
    return cases;
  }
}
