package io.ventral.train;

import io.ventral.autodiff.Differentiator;
import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.StateRole;
import io.ventral.network.LoweredNetwork;
import io.ventral.network.LoweringOptions;
import io.ventral.network.Network;
import io.ventral.network.NetworkLowering;
import io.ventral.network.ParameterSpec;
import io.ventral.op.Constant;
import io.ventral.op.FiniteCheck;
import io.ventral.op.Multiply;
import io.ventral.op.OptimizerStep;
import io.ventral.op.RunningAverage;
import io.ventral.op.Segment;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One step of training as a graph: forward, loss, backward, finite check, update. If anything is
 * not finite the update and the running statistics keep their old values, in that step and in all
 * later ones; unless it is the loss scale that is to blame, which then changes for the next step.
 *
 * @param parameters stored tensors of the network in order
 */
public record TrainingProgram(Graph graph, List<ParameterSpec> parameters) {
  /**
   * How a step is made.
   *
   * @param gradientOutputs whether the gradients, times the loss scale, are outputs too
   */
  public record Options(
      LoweringOptions lowering,
      Optimizer optimizer,
      double labelSmoothing,
      Optional<LossScaling> lossScaling,
      boolean gradientOutputs) {}

  /**
   * Returns the program for a batch of {@code batch} samples on all devices together, fed with
   * numbers.
   */
  public static TrainingProgram build(Network network, int batch, Options options) {
    return build(network, batch, new ImageInput.Normalized(), options);
  }

  /** Returns the program for a batch of {@code batch} samples on all devices together. */
  public static TrainingProgram build(
      Network network, int batch, ImageInput images, Options options) {
    return new Assembly(network, batch, options).build(images);
  }

  /** The parts of the graph on the way. */
  private static final class Assembly {
    private final Network network;
    private final int batch;
    private final Options options;
    private final DType dtype;
    private final GraphBuilder builder;

    Assembly(Network network, int batch, Options options) {
      this.network = network;
      this.batch = batch;
      this.options = options;
      this.dtype = options.lowering().dtype();
      this.builder = new GraphBuilder(network.name() + " training, batch " + batch);
    }

    TrainingProgram build(ImageInput images) {
      Value input = images.declare(builder, network, batch, dtype);
      Value labels = ProgramInputs.labels(builder, batch);
      Value weights = ProgramInputs.weights(builder, batch, dtype);
      Value normalizer = builder.input(Names.NORMALIZER, TensorType.of(dtype));
      Value rate = builder.input(Names.RATE, TensorType.of(dtype));
      Value step = builder.input(Names.STEP, TensorType.of(DType.INT64));
      LoweredNetwork lowered =
          NetworkLowering.lower(network, builder, input, step, options.lowering());
      ClassificationLoss main =
          ClassificationLoss.of(
              builder,
              lowered.layers().get(network.output()),
              labels,
              weights,
              options.labelSmoothing());
      Value sum = main.trainingSum(builder, network, lowered, options.labelSmoothing());
      Value loss = builder.emit(new Multiply(), sum, normalizer);
      builder.output(Names.LOSS, loss);
      ProgramInputs.accuracy(builder, main);
      update(lowered, loss, rate);
      return new TrainingProgram(
          builder.build(),
          lowered.parameters().stream().map(LoweredNetwork.Parameter::spec).toList());
    }

    private void update(LoweredNetwork lowered, Value loss, Value rate) {
      List<LoweredNetwork.Parameter> trained =
          lowered.parameters().stream().filter(p -> p.spec().role().isTrained()).toList();
      List<Value> values = trained.stream().map(LoweredNetwork.Parameter::value).toList();
      builder.at("loss");
      Value scale =
          options
              .lossScaling()
              .map(scaling -> scaling.declare(builder, loss.type()))
              .orElseGet(() -> builder.emit(new Constant(loss.type(), 1)));
      List<Value> gradients = Differentiator.differentiate(builder, Map.of(loss, scale), values);
      Value finite = judge(loss, gradients, scale);
      builder.output(Names.FINITE, finite);
      optimize(trained, gradients, new Head(rate, finite, scale));
      for (LoweredNetwork.StatisticUpdate statistic : lowered.statistics()) {
        Value last =
            builder.emit(
                new RunningAverage(statistic.momentum()),
                statistic.running(),
                statistic.batch(),
                finite);
        builder.update(statistic.running(), last);
      }
      for (int i = 0; options.gradientOutputs() && i < trained.size(); i++) {
        builder.output(Names.gradient(trained.get(i).spec().name()), gradients.get(i));
      }
    }

    /** Returns whether the step is to be applied, and settles whether later ones may be. */
    private Value judge(Value loss, List<Value> gradients, Value scale) {
      Value sound =
          builder
              .at("update")
              .state(Names.SOUND, new StateRole.Counter(), TensorType.of(DType.INT32));
      if (options.lossScaling().isEmpty()) {
        Value finite = check(Stream.concat(Stream.of(sound, loss), gradients.stream()));
        builder.update(sound, finite);
        return finite;
      }
      Value healthy = check(Stream.of(sound, loss));
      Value finite = check(Stream.concat(Stream.of(healthy), gradients.stream()));
      builder.update(sound, options.lossScaling().get().adapt(builder, scale, healthy, finite));
      return finite;
    }

    private Value check(Stream<Value> flagAndNumbers) {
      return builder.emit(new FiniteCheck(true), flagAndNumbers.toList()).getFirst();
    }

    /** What an update needs beside parameters and gradients. */
    private record Head(Value rate, Value finite, Value scale) {}

    private void optimize(
        List<LoweredNetwork.Parameter> trained, List<Value> gradients, Head head) {
      Segment segment = new Segment(1, options.optimizer().weightDecay());
      OptimizerStep step = options.optimizer().step(trained.stream().map(p -> segment).toList());
      Value count =
          builder.state(Names.APPLIED_STEPS, new StateRole.Counter(), TensorType.of(DType.INT64));
      List<Value> parameters = trained.stream().map(LoweredNetwork.Parameter::value).toList();
      List<List<Value>> slots = new ArrayList<>();
      for (String slot : step.slots()) {
        slots.add(trained.stream().map(parameter -> slot(slot, parameter)).toList());
      }
      List<Value> inputs =
          new ArrayList<>(List.of(head.rate(), head.finite(), count, head.scale()));
      inputs.addAll(parameters);
      inputs.addAll(gradients);
      slots.forEach(inputs::addAll);
      List<Value> outputs = builder.emit(step, inputs);
      update(parameters, step.newParameters(outputs));
      for (int slot = 0; slot < slots.size(); slot++) {
        update(slots.get(slot), step.newSlot(outputs, slot));
      }
      builder.update(count, outputs.getLast());
    }

    private Value slot(String slot, LoweredNetwork.Parameter parameter) {
      return builder.state(
          Names.slot(slot, parameter.spec().name()),
          new StateRole.Slot(slot),
          parameter.value().type());
    }

    private void update(List<Value> initial, List<Value> last) {
      for (int i = 0; i < initial.size(); i++) {
        builder.update(initial.get(i), last.get(i));
      }
    }
  }
}
