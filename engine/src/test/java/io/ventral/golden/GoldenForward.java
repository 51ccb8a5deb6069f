package io.ventral.golden;

import io.ventral.graph.GraphBuilder;
import io.ventral.graph.StateRole;
import io.ventral.op.AdaptiveAvgPool;
import io.ventral.op.Add;
import io.ventral.op.AvgPool;
import io.ventral.op.BatchNormInfer;
import io.ventral.op.BatchNormTrain;
import io.ventral.op.BiasAdd;
import io.ventral.op.Concat;
import io.ventral.op.Conv2d;
import io.ventral.op.LocalResponseNorm;
import io.ventral.op.MatMul;
import io.ventral.op.MaxPool;
import io.ventral.op.MeanSquaredError;
import io.ventral.op.MulticlassHinge;
import io.ventral.op.Op;
import io.ventral.op.ReduceSum;
import io.ventral.op.Relu;
import io.ventral.op.Reshape;
import io.ventral.op.RunningAverage;
import io.ventral.op.Scale;
import io.ventral.op.Sigmoid;
import io.ventral.op.SigmoidCrossEntropy;
import io.ventral.op.Softmax;
import io.ventral.op.SoftmaxCrossEntropy;
import io.ventral.op.Tanh;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A golden case written in the engine's operations; PyTorch's losses are means over the batch. */
final class GoldenForward {
  private final GoldenCase golden;
  private final GraphBuilder builder;
  private final Map<String, Value> inputs = new LinkedHashMap<>();

  GoldenForward(GoldenCase golden, GraphBuilder builder) {
    this.golden = golden;
    this.builder = builder;
  }

  /** Returns the input tensors used, by name. */
  Map<String, Value> inputs() {
    return inputs;
  }

  /** Returns the output y. */
  Value y() {
    return switch (golden.op()) {
      case "Conv2d" ->
          biased(emit(new Conv2d(golden.window(), golden.integer("groups")), in("x"), in("w")));
      case "Linear" -> biased(emit(new MatMul(false, true), in("x"), in("w")));
      case "MaxPool" -> emit(new MaxPool(golden.window(), golden.rounding()), in("x"));
      case "AvgPool" ->
          emit(
              new AvgPool(golden.window(), golden.rounding(), golden.flag("count_include_pad")),
              in("x"));
      case "GlobalAvgPool" -> emit(new AdaptiveAvgPool(1, 1), in("x"));
      case "AdaptiveAvgPool" ->
          emit(new AdaptiveAvgPool(golden.pair("output", 0), golden.pair("output", 1)), in("x"));
      case "BatchNorm" -> golden.flag("training") ? batchNormTrain() : batchNormInfer();
      case "Lrn" ->
          emit(
              new LocalResponseNorm(
                  golden.integer("size"),
                  golden.number("alpha"),
                  golden.number("beta"),
                  golden.number("k")),
              in("x"));
      case "Relu" -> emit(new Relu(), in("x"));
      case "Sigmoid" -> emit(new Sigmoid(), in("x"));
      case "Tanh" -> emit(new Tanh(), in("x"));
      case "Softmax" -> emit(new Softmax(), in("x"));
      case "SoftmaxCrossEntropy" ->
          mean(emit(new SoftmaxCrossEntropy(golden.number("label_smoothing")), in("x"), labels()));
      case "MulticlassHinge" ->
          mean(emit(new MulticlassHinge(golden.number("margin")), in("x"), labels()));
      case "SigmoidCrossEntropy" ->
          mean(emit(new SigmoidCrossEntropy(), in("x"), builder.input("target", golden.type("x"))));
      case "MeanSquaredError" -> mean(emit(new MeanSquaredError(), in("x"), in("t")));
      case "Concat" -> emit(new Concat(golden.integer("axis")), in("a"), in("b"));
      case "AddRelu" -> emit(new Relu(), emit(new Add(), in("a"), in("b")));
      default -> throw new IllegalArgumentException("no operation for " + golden.op());
    };
  }

  /** Returns y of a fully connected layer computed as a convolution over the whole input. */
  Value linearAsConvolution() {
    Value x = emit(new Reshape(List.of(0, -1, 1, 1)), in("x"));
    Value w = emit(new Reshape(List.of(0, -1, 1, 1)), in("w"));
    Value y = emit(new Conv2d(Window2d.square(1, 1, 0), 1), x, w);
    return emit(Reshape.flatten(), biased(y));
  }

  private Value batchNormTrain() {
    List<Value> all =
        builder.emit(
            new BatchNormTrain(golden.number("eps"), 1), List.of(in("x"), in("w"), in("b")));
    running("running_mean", all.get(1));
    running("running_var", all.get(3));
    return all.getFirst();
  }

  /** A running statistic as a state that moves towards that of the batch. */
  private void running(String name, Value batch) {
    Value old = builder.state(name, new StateRole.Statistic(), golden.type(name));
    Value apply = builder.input("apply " + name, TensorType.of(DType.INT32));
    Value statistic = emit(new ReduceSum(List.of(0)), batch);
    builder.update(old, emit(new RunningAverage(golden.number("momentum")), old, statistic, apply));
  }

  private Value batchNormInfer() {
    return emit(
        new BatchNormInfer(golden.number("eps")),
        in("x"),
        in("w"),
        in("b"),
        builder.input("running_mean", golden.type("running_mean")),
        builder.input("running_var", golden.type("running_var")));
  }

  private Value biased(Value y) {
    return emit(new BiasAdd(), y, in("b"));
  }

  private Value mean(Value losses) {
    double share = 1.0 / losses.type().extent(0);
    return emit(new Scale(share), emit(new ReduceSum(List.of(0)), losses));
  }

  private Value labels() {
    return builder.input("labels", TensorType.of(DType.INT64, golden.type("x").extent(0)));
  }

  private Value in(String name) {
    return inputs.computeIfAbsent(name, n -> builder.input(n, golden.type(n)));
  }

  private Value emit(Op op, Value... operands) {
    return builder.emit(op, operands);
  }
}
