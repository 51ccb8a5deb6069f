package io.ventral.testing;

import io.ventral.autodiff.Differentiator;
import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.StateRole;
import io.ventral.op.AlexNetStep;
import io.ventral.op.BiasAdd;
import io.ventral.op.Constant;
import io.ventral.op.FiniteCheck;
import io.ventral.op.MatMul;
import io.ventral.op.Multiply;
import io.ventral.op.OptimizerStep;
import io.ventral.op.ReduceSum;
import io.ventral.op.Reshape;
import io.ventral.op.Segment;
import io.ventral.op.SgdStep;
import io.ventral.op.SoftmaxCrossEntropy;
import io.ventral.op.TopKCount;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A training step of a random network: layers, weighted loss, gradients, optimizer, running
 * statistics. The layers depend on the seed alone, so one network can be had for every batch size.
 */
public final class RandomTraining {
  /** Score classes. */
  public static final int CLASSES = 4;

  private final Choices choices;
  private final GraphBuilder builder;
  private final int batch;
  private final RandomLayers layers;

  private RandomTraining(long seed, int batch, int statisticsGroups) {
    this.choices = new Choices(seed);
    this.builder = new GraphBuilder("seed " + seed);
    this.batch = batch;
    this.layers = new RandomLayers(choices, builder, statisticsGroups);
  }

  /**
   * Returns the step of a seed.
   *
   * @param statisticsGroups groups of batch normalisation; 0 leaves it out
   */
  public static Graph of(long seed, int batch, int statisticsGroups) {
    return new RandomTraining(seed, batch, statisticsGroups).build();
  }

  /** Writes the states of a run as a seed has them. */
  public static void begin(ReferenceRun run, long seed) {
    for (String state : run.session().states().keySet()) {
      long elements = run.session().states().get(state).elements();
      double[] values = Choices.values(seed + state.hashCode(), elements);
      for (int i = 0; i < values.length; i++) {
        values[i] =
            switch (state.replaceAll("\\d", "")) {
              case "w" -> 0.5 * values[i];
              case "variance" -> 1 + 0.5 * values[i];
              case "mean" -> 0.1 * values[i];
              default -> 0;
            };
      }
      run.write(state, values);
    }
  }

  /** Feeds one batch of a seed. */
  public static void feed(ReferenceRun run, int batch, long seed, int step) {
    Choices choices = new Choices(seed * 1000 + step);
    double[] labels = new double[batch];
    double[] weights = new double[batch];
    for (int i = 0; i < batch; i++) {
      labels[i] = choices.below(CLASSES);
      weights[i] = 0.5 + 0.4 * choices.symmetric();
    }
    run.feed("x", Choices.values(seed * 1000 + step, run.elements("x")));
    run.feed("labels", labels).feed("weights", weights);
    run.feed("step", step).feed("rate", 0.002);
  }

  private Graph build() {
    TensorType vector = TensorType.of(DType.FLOAT64, batch);
    int channels = choices.between(1, 4);
    int height = choices.between(6, 9);
    int width = choices.between(6, 9);
    Value x =
        builder.batchedInput("x", TensorType.of(DType.FLOAT64, batch, channels, height, width));
    Value labels = builder.batchedInput("labels", vector.with(DType.INT64));
    Value weights = builder.batchedInput("weights", vector);
    Value step = builder.input("step", TensorType.of(DType.INT64));
    Value features = layers.after(x, step);
    Value scores = classify(features);
    Value losses = builder.at("loss").emit(new SoftmaxCrossEntropy(0.1), scores, labels);
    Value loss = sum(builder.emit(new Multiply(), losses, weights));
    builder.output("loss", loss);
    builder.batchedOutput("scores", scores);
    builder.output("correct", builder.emit(new TopKCount(2), scores, labels, weights));
    train(loss);
    return builder.build();
  }

  private Value classify(Value features) {
    Value flat = builder.at("classifier").emit(Reshape.flatten(), features);
    Value weight = layers.parameter(CLASSES, flat.type().extent(1));
    Value y = builder.emit(new MatMul(false, true), flat, weight);
    return builder.emit(new BiasAdd(), y, layers.parameter(CLASSES));
  }

  private Value sum(Value losses) {
    return builder.emit(new ReduceSum(List.of(0)), losses);
  }

  private void train(Value loss) {
    Value one = builder.emit(new Constant(loss.type(), 1));
    List<Value> parameters = layers.parameters();
    List<Value> gradients = Differentiator.differentiate(builder, Map.of(loss, one), parameters);
    builder.output("gradient", gradients.getFirst());
    Value apply = builder.at("finite").emit(new FiniteCheck(), gradients).getFirst();
    layers.updateStatistics(apply);
    update(optimizer(parameters.size()), List.of(apply, one), parameters, gradients);
  }

  private OptimizerStep optimizer(int count) {
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      segments.add(new Segment(choices.between(1, 2), choices.oneIn(2) ? 0 : 1e-3));
    }
    return switch (choices.below(4)) {
      case 0 -> new SgdStep(0, false, segments);
      case 1 -> new SgdStep(0.9, false, segments);
      case 2 -> new SgdStep(0.9, true, segments);
      default -> new AlexNetStep(0.9, segments);
    };
  }

  private void update(
      OptimizerStep step,
      List<Value> applyAndScale,
      List<Value> parameters,
      List<Value> gradients) {
    builder.at("update");
    Value rate = builder.input("rate", TensorType.of(DType.FLOAT64));
    Value applied = builder.state("applied", new StateRole.Counter(), TensorType.of(DType.INT64));
    List<Value> operands =
        new ArrayList<>(List.of(rate, applyAndScale.get(0), applied, applyAndScale.get(1)));
    operands.addAll(parameters);
    operands.addAll(gradients);
    List<Value> changing = new ArrayList<>(parameters);
    for (String slot : step.slots()) {
      for (Value parameter : parameters) {
        String name = slot + changing.size();
        changing.add(builder.state(name, new StateRole.Slot(slot), parameter.type()));
      }
    }
    operands.addAll(changing.subList(parameters.size(), changing.size()));
    changing.add(applied);
    List<Value> results = builder.emit(step, operands);
    for (int i = 0; i < changing.size(); i++) {
      builder.update(changing.get(i), results.get(i));
    }
  }
}
