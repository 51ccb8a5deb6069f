package io.ventral.testing;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.StateRole;
import io.ventral.op.Add;
import io.ventral.op.BatchNormTrain;
import io.ventral.op.BroadcastLike;
import io.ventral.op.Copy;
import io.ventral.op.MaxPool;
import io.ventral.op.MaxPoolGrad;
import io.ventral.op.Multiply;
import io.ventral.op.Op;
import io.ventral.op.ReduceSum;
import io.ventral.op.Relu;
import io.ventral.op.Scale;
import io.ventral.op.Segment;
import io.ventral.op.SgdStep;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.Rounding;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A graph without rhyme or reason, on two devices unless told otherwise: any operation on any
 * values, and states that become whatever has their type: the result of a node, an input, the old
 * value of another state.
 */
public final class RandomGraph {
  private static final TensorType VECTOR = TensorType.of(DType.FLOAT64, 6);
  private static final TensorType MATRIX = TensorType.of(DType.FLOAT64, 4, 6);
  private static final TensorType IMAGE = TensorType.of(DType.FLOAT64, 1, 2, 4, 4);
  private static final TensorType HALVED = TensorType.of(DType.FLOAT64, 1, 2, 2, 2);
  private static final Window2d WINDOW = Window2d.square(2, 2, 0);

  private final Choices choices;
  private final GraphBuilder builder;
  private final List<Value> values = new ArrayList<>();
  private final List<Value> states = new ArrayList<>();

  private final int devices;

  private RandomGraph(long seed, int devices) {
    choices = new Choices(seed);
    builder = new GraphBuilder("seed " + seed);
    this.devices = devices;
  }

  /** Returns the graph of a seed; {@code changing} of its states are updated. */
  public static Graph of(long seed, int changing) {
    return new RandomGraph(seed, 2).build(changing);
  }

  /** Returns such a graph on a single device. */
  public static Graph onOneDevice(long seed, int changing) {
    return new RandomGraph(seed, 1).build(changing);
  }

  private Graph build(int changing) {
    for (int device = 0; device < devices; device++) {
      builder.on(device);
      for (TensorType type : List.of(VECTOR, MATRIX, IMAGE)) {
        values.add(builder.input("x" + values.size(), type));
        state(type);
        state(type);
      }
    }
    values.addAll(states);
    int nodes = choices.between(5, 40);
    for (int i = 0; i < nodes; i++) {
      builder.at("n" + i);
      emit(choices.below(10));
    }
    Collections.rotate(states, choices.below(states.size()));
    states.subList(0, changing).forEach(state -> builder.update(state, pick(state)));
    int outputs = choices.between(1, 4);
    for (int i = 0; i < outputs; i++) {
      builder.output("y" + i, any());
    }
    return builder.build();
  }

  private void state(TensorType type) {
    StateRole role = choices.oneIn(2) ? new StateRole.Parameter() : new StateRole.Slot("momentum");
    states.add(builder.state("s" + states.size(), role, type));
  }

  private void emit(int choice) {
    Value x = any();
    switch (choice) {
      case 0 -> emit(new Relu(), x);
      case 1 -> emit(new Scale(choices.symmetric()), x);
      case 2, 3 -> emit(new Add(), x, pick(x));
      case 4 -> emit(new Multiply(), x, pick(x));
      case 5 -> emit(new Copy(devices - 1 - x.device()), x);
      case 6 -> like(MATRIX, x.device()).ifPresent(m -> emit(new ReduceSum(List.of(0)), m));
      case 7 -> like(MATRIX, x.device()).ifPresent(this::normalise);
      case 8 -> like(IMAGE, x.device()).ifPresent(this::pool);
      default -> step(x);
    }
  }

  private void normalise(Value matrix) {
    Value vector = like(VECTOR, matrix.device()).orElseThrow();
    emit(new BatchNormTrain(1e-5, 1), matrix, vector, pick(vector));
    emit(new BroadcastLike(List.of(0)), vector, matrix);
  }

  private void pool(Value image) {
    List<Value> pooled = builder.emit(new MaxPool(WINDOW, Rounding.FLOOR), List.of(image));
    values.add(pooled.getFirst());
    if (choices.oneIn(2)) {
      Value gradient = like(HALVED, image.device()).orElseThrow();
      emit(new MaxPoolGrad(WINDOW, Rounding.FLOOR, 4, 4), pooled.get(1), gradient);
    }
  }

  /** A step over one parameter with any value as its gradient. */
  private void step(Value parameter) {
    TensorType scalar = TensorType.of(DType.FLOAT64);
    builder.on(parameter.device());
    Value rate = builder.input("rate" + builder.nodes().size(), scalar);
    Value apply = builder.input("apply" + builder.nodes().size(), scalar.with(DType.INT32));
    Value steps = builder.input("steps" + builder.nodes().size(), scalar.with(DType.INT64));
    Value scale = builder.input("scale" + builder.nodes().size(), scalar);
    SgdStep sgd = new SgdStep(0.9, false, List.of(new Segment(1, 0)));
    List<Value> results =
        builder.emit(
            sgd, List.of(rate, apply, steps, scale, parameter, pick(parameter), pick(parameter)));
    values.addAll(results.subList(0, 2));
  }

  private void emit(Op op, Value... operands) {
    values.addAll(builder.emit(op, List.of(operands)));
  }

  private Value any() {
    return values.get(choices.below(values.size()));
  }

  /** Returns a value with the type and device of {@code value}; it may be the same. */
  private Value pick(Value value) {
    return like(value.type(), value.device()).orElseThrow();
  }

  private Optional<Value> like(TensorType type, int device) {
    List<Value> fitting =
        values.stream().filter(v -> v.type().equals(type) && v.device() == device).toList();
    return fitting.isEmpty()
        ? Optional.empty()
        : Optional.of(fitting.get(choices.below(fitting.size())));
  }
}
