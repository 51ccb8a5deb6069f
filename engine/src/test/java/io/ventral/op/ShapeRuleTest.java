package io.ventral.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.error.ErrorKind;
import io.ventral.graph.GraphBuilder;
import io.ventral.tensor.DType;
import io.ventral.tensor.Rounding;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.testing.Expect;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Inputs that do not fit are refused by layer, operation and types; each line is one such case. */
class ShapeRuleTest {
  private static final Window2d THREE = Window2d.square(3, 1, 1);
  private static final Op SCALING = new LossScaleStep(2, 0.5, 3, 1, 1024);
  private static final TensorType LABELS = TensorType.of(DType.INT64, 4);

  static Stream<Arguments> misfits() {
    return Stream.of(
        misfit(new Conv2d(THREE, 1), "must have rank 4, not 2", f64(4, 3), f64(8, 3, 3, 3)),
        misfit(new Conv2d(THREE, 1), "extent 5", f64(1, 5, 9, 9), f64(8, 3, 3, 3)),
        misfit(new Conv2d(THREE, 1), "must be f64", f64(1, 3, 9, 9), f32(8, 3, 3, 3)),
        misfit(new Conv2d(THREE, 2), "not divisible by 2 groups", f64(1, 4, 9, 9), f64(7, 2, 3, 3)),
        misfit(new Conv2d(THREE, 1), "extent 3, not 5", f64(1, 3, 9, 9), f64(8, 3, 5, 5)),
        misfit(new MaxPool(Window2d.square(3, 2, 3), Rounding.FLOOR), "padding", f64(1, 2, 9, 9)),
        misfit(
            new MaxPool(Window2d.square(9, 1, 0), Rounding.FLOOR), "9 elements", f64(1, 2, 8, 8)),
        misfit(new MatMul(false, true), "17 on the left, 16 on the right", f64(5, 17), f64(11, 16)),
        misfit(new BiasAdd(), "extent 3, not 4", f64(2, 3, 5, 5), f64(4)),
        misfit(new Add(), "must be f64[2,3], not f64[3,2]", f64(2, 3), f64(3, 2)),
        misfit(new Multiply(), "must be f64[2,3], not f32[2,3]", f64(2, 3), f32(2, 3)),
        misfit(new Concat(1), "axis 1", f64(2, 3, 4, 4), f64(2, 3, 5, 4)),
        misfit(new Concat(4), "axis 4 is not an axis", f64(2, 3, 4, 4)),
        misfit(new Slice(1, 2, 9), "extent 4", f64(2, 4)),
        misfit(new Reshape(List.of(0, 5)), "24 elements do not fit", f64(2, 3, 4)),
        misfit(new Transpose(List.of(1, 0)), "rank 2, not 3", f64(2, 3, 4)),
        misfit(new Pad(List.of(1), List.of(1)), "rank 1, not 2", f64(2, 3)),
        misfit(new ReduceSum(List.of(2)), "axis 2 is not an axis", f64(2, 3)),
        misfit(new BroadcastLike(List.of(0)), "must be f64[3], not f64[2]", f64(2), f64(2, 3)),
        misfit(new BatchNormTrain(1e-5, 1), "more than one value", f64(1, 3), f64(3), f64(3)),
        misfit(new BatchNormTrain(1e-5, 3), "3 statistics groups", f64(2, 3), f64(3), f64(3)),
        misfit(new BatchNormTrain(1e-5, 1), "scale", f64(4, 3), f64(4), f64(3)),
        misfit(new BatchNormTrain(1e-5, 1), "scale must be f32", bf16(4, 3), bf16(3), bf16(3)),
        misfit(
            new BatchNormReluTrain(new BatchNormTrain(1e-5, 1)),
            "scale must be f32, not bf16[3]",
            bf16(4, 3),
            bf16(3),
            bf16(3)),
        misfit(
            new BatchNormInfer(1e-5),
            "must be f32",
            bf16(4, 3),
            bf16(3),
            bf16(3),
            bf16(3),
            bf16(3)),
        misfit(new Softmax(), "rank 2 or more", f64(5)),
        misfit(new SoftmaxCrossEntropy(0), "labels", f64(5, 10), LABELS),
        misfit(new SoftmaxCrossEntropy(0), "must be i64", f64(4, 10), f64(4)),
        misfit(new TopKCount(11), "10 classes", f64(4, 10), LABELS, f64(4)),
        misfit(new Relu(), "floating-point", LABELS),
        misfit(new Relu(), "takes 1 inputs, not 2", f64(2), f64(2)),
        misfit(new FiniteCheck(), "at least one"),
        misfit(sgd(0), "no parameter", f64(), i32(), i64(), f64()),
        misfit(sgd(1), "gradient 0", f64(), i32(), i64(), f64(), f64(3), f64(4), f64(3)),
        misfit(sgd(1), "momentum 0", f64(), i32(), i64(), f64(), f64(3), f64(3), f64(4)),
        misfit(sgd(1), "apply", f64(), i64(), i64(), f64(), f64(3), f64(3), f64(3)),
        misfit(sgd(1), "loss scale", f64(), i32(), i64(), f32(), f64(3), f64(3), f64(3)),
        misfit(SCALING, "loss scale", i64(), i64(), i64(), i32(), i32()),
        misfit(SCALING, "good steps", f64(), i32(), i64(), i32(), i32()),
        misfit(SCALING, "finite", f64(), i64(), i64(), i32(), f64()));
  }

  @ParameterizedTest
  @MethodSource("misfits")
  void inputsThatDoNotFitAreNamed(Op op, String reason, List<TensorType> inputs) {
    GraphBuilder builder = new GraphBuilder("test").at("conv2");
    List<Value> values = inputs.stream().map(type -> builder.input("x", type)).toList();
    Expect.error(
        ErrorKind.USER,
        () -> builder.emit(op, values),
        "conv2 (" + op.label() + "): ",
        reason,
        "given " + inputs);
  }

  @Test
  void theMessageNamesLayerOperationReasonAndTypes() {
    GraphBuilder builder = new GraphBuilder("alexnet").at("conv2");
    Value x = builder.input("x", f32(128, 95, 27, 27));
    Value w = builder.input("w", f32(256, 48, 5, 5));
    Expect.error(
        ErrorKind.USER,
        () -> builder.emit(new Conv2d(Window2d.square(5, 1, 2), 2), x, w),
        "conv2 (Conv2d 5x5 stride 1 pad 2 groups 2): input has 95 channels, not divisible by 2"
            + " groups; given [f32[128,95,27,27], f32[256,48,5,5]]");
  }

  @Test
  void attributesThatMeanNothingAreRefused() {
    Expect.error(ErrorKind.USER, () -> new Dropout(1, 0, 0, 0), "[0, 1)");
    Expect.error(ErrorKind.USER, () -> new Dropout(Double.NaN, 0, 0, 0), "NaN");
    Expect.error(ErrorKind.USER, () -> new Conv2d(THREE, 0), "groups");
    Expect.error(ErrorKind.USER, () -> new SoftmaxCrossEntropy(1), "smoothing");
    Expect.error(ErrorKind.USER, () -> new Transpose(List.of(0, 2)), "permutation");
    Expect.error(ErrorKind.USER, () -> new ReduceSum(List.of(1, 1)), "twice");
    Expect.error(ErrorKind.USER, () -> new Reshape(List.of(-1, -1)), "one -1");
    Expect.error(ErrorKind.USER, () -> Pad.axis(2, 1, -1, 0), "negative");
    Expect.error(ErrorKind.USER, () -> new LeakyRelu(-1), "slope");
    Expect.error(ErrorKind.USER, () -> new RunningAverage(2), "momentum");
    Expect.error(ErrorKind.USER, () -> new AdaptiveAvgPool(0, 1), "0x1");
    Expect.error(ErrorKind.USER, () -> new LossScaleStep(1, 0.5, 3, 1, 8), "growth 1.0");
    Expect.error(ErrorKind.USER, () -> new LossScaleStep(2, 0.5, 0, 1, 8), "interval 0");
    Expect.error(ErrorKind.USER, () -> new LossScaleStep(2, 0.5, 3, 8, 1), "[8.0, 1.0]");
    Expect.error(ErrorKind.USER, () -> new LocalResponseNorm(0, 1, 1, 1), "size 0");
  }

  @Test
  void reshapesKeepAndInferExtents() {
    assertEquals(
        List.of(f64(2, 12)), new Reshape(List.of(0, -1)).outputTypes(List.of(f64(2, 3, 4))));
    assertEquals(
        List.of(f64(6, 2, 2)), new Reshape(List.of(-1, 2, 2)).outputTypes(List.of(f64(2, 3, 4))));
    assertEquals(List.of(f64()), new Reshape(List.of()).outputTypes(List.of(f64(1, 1))));
  }

  private static SgdStep sgd(int parameters) {
    return new SgdStep(
        0.9, false, Stream.generate(() -> new Segment(1, 0)).limit(parameters).toList());
  }

  private static Arguments misfit(Op op, String reason, TensorType... inputs) {
    return Arguments.of(op, reason, Arrays.asList(inputs));
  }

  private static TensorType f64(int... extents) {
    return TensorType.of(DType.FLOAT64, extents);
  }

  private static TensorType bf16(int... extents) {
    return TensorType.of(DType.BFLOAT16, extents);
  }

  private static TensorType f32(int... extents) {
    return TensorType.of(DType.FLOAT32, extents);
  }

  private static TensorType i32() {
    return TensorType.of(DType.INT32);
  }

  private static TensorType i64() {
    return TensorType.of(DType.INT64);
  }
}
