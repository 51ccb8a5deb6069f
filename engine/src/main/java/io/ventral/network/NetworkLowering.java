package io.ventral.network;

import io.ventral.error.EngineException;
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
import io.ventral.op.MatMul;
import io.ventral.op.MaxPool;
import io.ventral.op.ReduceSum;
import io.ventral.op.Relu;
import io.ventral.op.Reshape;
import io.ventral.op.Scale;
import io.ventral.op.Sigmoid;
import io.ventral.op.Softmax;
import io.ventral.op.Tanh;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.Philox;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.tensor.WindowAxis;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From layers to operations: emits the forward pass of a network into a graph under construction.
 */
public final class NetworkLowering {
  private final GraphBuilder builder;
  private final LoweringOptions options;
  private final Value step;
  private final Map<String, Value> values = new LinkedHashMap<>();
  private final List<LoweredNetwork.Parameter> parameters = new ArrayList<>();
  private final List<LoweredNetwork.StatisticUpdate> statistics = new ArrayList<>();
  private String layer = "";

  private NetworkLowering(GraphBuilder builder, Value step, LoweringOptions options) {
    this.builder = builder;
    this.step = step;
    this.options = options;
  }

  /**
   * Returns the network emitted into {@code builder}.
   *
   * @param input the images, [N,C,H,W]
   * @param step the i64 scalar that counts steps, from which dropout draws; null without dropout
   * @throws EngineException USER if a layer does not fit its inputs, naming the layer and both
   *     types
   */
  public static LoweredNetwork lower(
      Network network, GraphBuilder builder, Value input, Value step, LoweringOptions options) {
    NetworkLowering lowering = new NetworkLowering(builder, step, options);
    lowering.values.put(Network.INPUT, input);
    network.layers().forEach(lowering::lower);
    return new LoweredNetwork(lowering.values, lowering.parameters, lowering.statistics);
  }

  private void lower(Layer definition) {
    layer = definition.name();
    builder.at(layer);
    List<Value> inputs = definition.inputs().stream().map(values::get).toList();
    values.put(layer, lower(definition.kind(), inputs));
  }

  private Value lower(LayerKind kind, List<Value> inputs) {
    Value x = only(kind, inputs);
    return switch (kind) {
      case LayerKind.Conv conv -> conv(conv, x);
      case LayerKind.Linear linear -> linear(linear, x);
      case LayerKind.BatchNorm norm -> batchNorm(norm, x);
      case LayerKind.Lrn n ->
          builder.emit(new LocalResponseNorm(n.size(), n.alpha(), n.beta(), n.k()), x);
      case LayerKind.Relu relu -> builder.emit(new Relu(), x);
      case LayerKind.LeakyRelu relu -> builder.emit(new LeakyRelu(relu.slope()), x);
      case LayerKind.Sigmoid sigmoid -> builder.emit(new Sigmoid(), x);
      case LayerKind.Tanh tanh -> builder.emit(new Tanh(), x);
      case LayerKind.MaxPool pool -> builder.emit(new MaxPool(pool.window(), pool.rounding()), x);
      case LayerKind.AvgPool pool ->
          builder.emit(new AvgPool(pool.window(), pool.rounding(), pool.countIncludePad()), x);
      case LayerKind.AdaptiveAvgPool pool ->
          builder.emit(new AdaptiveAvgPool(pool.height(), pool.width()), x);
      case LayerKind.Dropout dropout -> dropout(dropout, x);
      case LayerKind.Add add ->
          inputs.stream().reduce((a, b) -> builder.emit(new Add(), a, b)).orElseThrow();
      case LayerKind.Concat concat -> builder.emit(new Concat(1), inputs).getFirst();
      case LayerKind.Flatten flatten -> builder.emit(Reshape.flatten(), x);
      case LayerKind.Softmax softmax -> builder.emit(new Softmax(), x);
    };
  }

  private Value only(LayerKind kind, List<Value> inputs) {
    boolean several = kind instanceof LayerKind.Add || kind instanceof LayerKind.Concat;
    if (inputs.isEmpty() || (inputs.size() > 1 && !several)) {
      throw EngineException.user(
          "%s (%s): reads %d layers; %s"
              .formatted(
                  layer,
                  kind.getClass().getSimpleName(),
                  inputs.size(),
                  several ? "it takes one or more" : "it takes one"));
    }
    return inputs.getFirst();
  }

  private Value conv(LayerKind.Conv conv, Value x) {
    rank(x, 4, "a convolution");
    int channels = x.type().extent(1);
    if (channels % conv.groups() != 0) {
      throw EngineException.user(
          "%s (Conv2d %s): input has %d channels, not divisible by %d groups; input %s"
              .formatted(layer, conv.window(), channels, conv.groups(), x.type()));
    }
    Shape shape =
        Shape.of(
            conv.channels(),
            channels / conv.groups(),
            conv.window().vertical().kernel(),
            conv.window().horizontal().kernel());
    Value filter = weight(shape, shape, conv.weights());
    Value y = builder.emit(new Conv2d(conv.window(), conv.groups()), x, filter);
    return conv.bias() ? bias(y, conv.channels(), conv.weights(), shape) : y;
  }

  /** On rank 4 a fully connected layer is a convolution whose window covers the whole input. */
  private Value linear(LayerKind.Linear linear, Value x) {
    TensorType type = x.type();
    int features = linear.features();
    int inputs = Math.toIntExact(type.shape().elementsPerSample());
    Shape fileShape = Shape.of(features, inputs);
    if (type.rank() != 4) {
      rank(x, 2, "a fully connected layer");
      Value weight = weight(fileShape, fileShape, linear.weights());
      Value y = builder.emit(new MatMul(false, true), x, weight);
      return linear.bias() ? bias(y, features, linear.weights(), fileShape) : y;
    }
    Shape shape = Shape.of(features, type.extent(1), type.extent(2), type.extent(3));
    Window2d whole =
        new Window2d(
            new WindowAxis(type.extent(2), 1, 0, 0, 1), new WindowAxis(type.extent(3), 1, 0, 0, 1));
    Value weight = weight(shape, fileShape, linear.weights());
    Value y = builder.emit(new Conv2d(whole, 1), x, weight);
    Value biased = linear.bias() ? bias(y, features, linear.weights(), fileShape) : y;
    return builder.emit(Reshape.flatten(), biased);
  }

  private void rank(Value x, int rank, String what) {
    if (x.type().rank() != rank) {
      throw EngineException.user(
          "%s: %s takes an input of rank %d, given %s".formatted(layer, what, rank, x.type()));
    }
  }

  private Value weight(Shape shape, Shape fileShape, Initializer initializer) {
    return parameter("weight", ParameterRole.WEIGHT, shape, fileShape, initializer);
  }

  private Value bias(Value y, int channels, Initializer weights, Shape weightShape) {
    // PyTorch draws biases from the range of the weights; the other rules begin with zero.
    Initializer initializer =
        weights instanceof Initializer.FanInUniform
            ? new Initializer.FanInUniform((int) weightShape.elementsPerSample())
            : new Initializer.Constant(0);
    return builder.emit(
        new BiasAdd(), y, vector("bias", ParameterRole.BIAS, channels, initializer));
  }

  private Value batchNorm(LayerKind.BatchNorm norm, Value x) {
    int channels = x.type().extent(1);
    Value scale = vector("weight", ParameterRole.NORM_SCALE, channels, new Initializer.Constant(1));
    Value bias = vector("bias", ParameterRole.NORM_BIAS, channels, new Initializer.Constant(0));
    Value mean =
        vector("running_mean", ParameterRole.RUNNING_MEAN, channels, new Initializer.Constant(0));
    Value variance =
        vector(
            "running_var", ParameterRole.RUNNING_VARIANCE, channels, new Initializer.Constant(1));
    if (!options.training()) {
      return builder.emit(new BatchNormInfer(norm.epsilon()), x, scale, bias, mean, variance);
    }
    int groups = Math.min(options.statisticsGroups(), x.type().extent(0));
    List<Value> all =
        builder.emit(new BatchNormTrain(norm.epsilon(), groups), List.of(x, scale, bias));
    statistics.add(
        new LoweredNetwork.StatisticUpdate(mean, overGroups(all.get(1)), norm.momentum()));
    statistics.add(
        new LoweredNetwork.StatisticUpdate(variance, overGroups(all.get(3)), norm.momentum()));
    return all.getFirst();
  }

  private Value overGroups(Value statistic) {
    Value sum = builder.emit(new ReduceSum(List.of(0)), statistic);
    return builder.emit(new Scale(1.0 / statistic.type().extent(0)), sum);
  }

  private Value dropout(LayerKind.Dropout dropout, Value x) {
    if (!options.training() || !options.dropout() || dropout.rate() == 0) {
      return x;
    }
    int purpose = Philox.purpose("dropout:" + layer);
    return builder.emit(new Dropout(dropout.rate(), options.seed(), purpose, 0), x, step);
  }

  private Value vector(String leaf, ParameterRole role, int extent, Initializer initializer) {
    return parameter(leaf, role, Shape.of(extent), Shape.of(extent), initializer);
  }

  private Value parameter(
      String leaf, ParameterRole role, Shape shape, Shape fileShape, Initializer initializer) {
    String name = layer + "." + leaf;
    // Numbers for each channel are few and kept exact.
    DType dtype = shape.rank() == 1 ? options.dtype().accumulator() : options.dtype();
    StateRole stateRole = role.isTrained() ? new StateRole.Parameter() : new StateRole.Statistic();
    Value value = builder.state(name, stateRole, new TensorType(dtype, shape));
    parameters.add(
        new LoweredNetwork.Parameter(
            new ParameterSpec(name, role, shape, fileShape, initializer), value));
    return value;
  }
}
