package io.ventral.testing;

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
import io.ventral.op.Dropout;
import io.ventral.op.LeakyRelu;
import io.ventral.op.LocalResponseNorm;
import io.ventral.op.MaxPool;
import io.ventral.op.Multiply;
import io.ventral.op.Op;
import io.ventral.op.Pad;
import io.ventral.op.ReduceSum;
import io.ventral.op.Relu;
import io.ventral.op.RunningAverage;
import io.ventral.op.Scale;
import io.ventral.op.Sigmoid;
import io.ventral.op.Slice;
import io.ventral.op.Tanh;
import io.ventral.op.Transpose;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.Rounding;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import java.util.ArrayList;
import java.util.List;

/** Random layers over images [N,C,H,W], with their parameters and running statistics. */
final class RandomLayers {
  private record Statistic(Value running, Value batch) {}

  private final Choices choices;
  private final GraphBuilder builder;
  private final int statisticsGroups;
  private final List<Value> parameters = new ArrayList<>();
  private final List<Statistic> statistics = new ArrayList<>();

  RandomLayers(Choices choices, GraphBuilder builder, int statisticsGroups) {
    this.choices = choices;
    this.builder = builder;
    this.statisticsGroups = statisticsGroups;
  }

  List<Value> parameters() {
    return parameters;
  }

  /** Returns a new parameter of that shape. */
  Value parameter(int... extents) {
    TensorType type = TensorType.of(DType.FLOAT64, extents);
    Value value = builder.state("w" + parameters.size(), new StateRole.Parameter(), type);
    parameters.add(value);
    return value;
  }

  /** Returns what some four to ten layers make of {@code x}; the first of them is a convolution. */
  Value after(Value x, Value step) {
    Value y = conv(builder.at("first"), x);
    int count = choices.between(3, 9);
    for (int i = 0; i < count; i++) {
      y = layer(builder.at("layer" + i), y, step);
    }
    return y;
  }

  private Value layer(GraphBuilder at, Value x, Value step) {
    int height = x.type().extent(2);
    int width = x.type().extent(3);
    return switch (choices.below(18)) {
      case 0, 1 -> conv(at, x);
      case 2 -> at.emit(new Relu(), at.emit(new Add(), batchNorm(at, same(x)), x));
      case 3 -> at.emit(new Add(), x, same(x));
      case 4 -> at.emit(new Concat(1), conv(at, x, 3, 1), x);
      case 5 -> at.emit(new Relu(), x);
      case 6 -> at.emit(new LeakyRelu(0.1), x);
      case 7 -> at.emit(choices.oneIn(2) ? new Tanh() : new Sigmoid(), x);
      case 8 -> pool(at, x);
      case 9 -> at.emit(new AdaptiveAvgPool(height, width), x);
      case 10 -> at.emit(new AdaptiveAvgPool(3, choices.between(1, 4)), x);
      case 11 -> at.emit(new LocalResponseNorm(3, 0.1, 0.75, 1), x);
      case 12, 13 -> batchNorm(at, x);
      case 14 -> at.emit(new Dropout(0.3, 5, parameters.size(), 0), x, step);
      case 15 -> at.emit(new Slice(1, 0, Math.max(1, x.type().extent(1) - 1)), x);
      case 16 -> at.emit(Pad.axis(4, 2, 1, 0), at.emit(new Scale(choices.oneIn(2) ? 1 : 0.5), x));
      default -> at.emit(new Multiply(), x, at.emit(turn(height == width), at.emit(new Tanh(), x)));
    };
  }

  /** Height and width exchanged where that keeps the shape, else everything as it is. */
  private static Op turn(boolean square) {
    return new Transpose(square ? List.of(0, 1, 3, 2) : List.of(0, 1, 2, 3));
  }

  private Value conv(GraphBuilder at, Value x) {
    return conv(at, x, choices.between(1, 3), choices.between(1, 2));
  }

  private Value conv(GraphBuilder at, Value x, int kernel, int stride) {
    int in = x.type().extent(1);
    int groups = in % 2 == 0 && choices.oneIn(3) ? 2 : 1;
    Value filter = parameter(2 * choices.between(1, 3), in / groups, kernel, kernel);
    Op conv = new Conv2d(Window2d.square(kernel, stride, kernel / 2), groups);
    Value y = at.emit(conv, x, filter);
    return choices.oneIn(2) ? y : at.emit(new BiasAdd(), y, parameter(y.type().extent(1)));
  }

  /** A branch whose result has the shape of {@code x}. */
  private Value same(Value x) {
    int channels = x.type().extent(1);
    Value filter = parameter(channels, channels, 3, 3);
    return builder.emit(new Conv2d(Window2d.square(3, 1, 1), 1), x, filter);
  }

  private Value pool(GraphBuilder at, Value x) {
    Rounding rounding = choices.oneIn(2) ? Rounding.CEIL : Rounding.FLOOR;
    Window2d window = Window2d.square(choices.between(2, 3), choices.between(1, 2), 1);
    return at.emit(
        choices.oneIn(2)
            ? new MaxPool(window, rounding)
            : new AvgPool(window, rounding, choices.oneIn(2)),
        x);
  }

  private Value batchNorm(GraphBuilder at, Value x) {
    int channels = x.type().extent(1);
    Value scale = parameter(channels);
    Value bias = parameter(channels);
    Value mean = statistic("mean", channels);
    Value variance = statistic("variance", channels);
    boolean enough = x.type().extent(2) * x.type().extent(3) > 1;
    if (statisticsGroups == 0 || !enough) {
      return at.emit(new BatchNormInfer(1e-3), x, scale, bias, mean, variance);
    }
    List<Value> all = at.emit(new BatchNormTrain(1e-3, statisticsGroups), List.of(x, scale, bias));
    statistics.add(new Statistic(mean, all.get(1)));
    statistics.add(new Statistic(variance, all.get(3)));
    return all.getFirst();
  }

  private Value statistic(String name, int channels) {
    return builder.state(
        name + parameters.size(),
        new StateRole.Statistic(),
        TensorType.of(DType.FLOAT64, channels));
  }

  /** Lets running statistics follow those of the batch where {@code apply} is 1. */
  void updateStatistics(Value apply) {
    for (Statistic statistic : statistics) {
      Value sum = builder.at("statistics").emit(new ReduceSum(List.of(0)), statistic.batch());
      Value mean = builder.emit(new Scale(1.0 / statisticsGroups), sum);
      Value next = builder.emit(new RunningAverage(0.1), statistic.running(), mean, apply);
      builder.update(statistic.running(), next);
    }
  }
}
