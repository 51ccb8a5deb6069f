package io.ventral.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.graph.GraphBuilder;
import io.ventral.graph.Node;
import io.ventral.graph.StateRole;
import io.ventral.network.NetworkBuilder.Tap;
import io.ventral.op.BatchNormInfer;
import io.ventral.op.BatchNormTrain;
import io.ventral.op.Dropout;
import io.ventral.op.Op;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.Philox;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.testing.Choices;
import io.ventral.testing.Close;
import io.ventral.testing.ReferenceRun;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NetworkLoweringTest {
  private static final LoweringOptions EVALUATION = LoweringOptions.evaluation(DType.FLOAT64);
  private static final LoweringOptions TRAINING =
      new LoweringOptions(DType.FLOAT64, true, true, 2, 7);
  private static final TensorType IMAGES = TensorType.of(DType.FLOAT64, 4, 3, 16, 12);

  private final GraphBuilder builder = new GraphBuilder("graph");
  private final Value x = builder.batchedInput("x", IMAGES);

  @Test
  void aFullyConnectedLayerTakesAnImageAsItsFlattenedSelf() {
    NetworkBuilder whole = new NetworkBuilder("whole", new NetworkRequest(3, 16, 12, 5));
    Network direct = whole.build(whole.linear("fc", whole.input(), 5));
    NetworkBuilder flat = new NetworkBuilder("flat", new NetworkRequest(3, 16, 12, 5));
    Network flattened = flat.build(flat.linear("fc", flat.flatten(flat.input()), 5));
    assertEquals(
        fileShapes(lower(flattened, EVALUATION)), fileShapes(lowerAgain(direct, EVALUATION)));
    Close.elementwise("scores", scores(flattened), scores(direct), 1e-13, 1e-14);
  }

  @Test
  void parametersAreNamedAndShapedAsFilesHaveThem() {
    NetworkBuilder n = new NetworkBuilder("net", new NetworkRequest(3, 16, 12, 5));
    Tap y =
        n.batchNorm(
            "bn", n.groupedConv("conv", n.input(), 6, Window2d.square(5, 1, 2), 3), 1e-5, 0.1);
    LoweredNetwork lowered = lower(n.build(n.linear("fc", y, 5)), EVALUATION);
    assertEquals(
        List.of(
            "conv.weight [6,1,5,5] WEIGHT",
            "conv.bias [6] BIAS",
            "bn.weight [6] NORM_SCALE",
            "bn.bias [6] NORM_BIAS",
            "bn.running_mean [6] RUNNING_MEAN",
            "bn.running_var [6] RUNNING_VARIANCE",
            "fc.weight [5,1152] WEIGHT",
            "fc.bias [5] BIAS"),
        lowered.parameters().stream()
            .map(LoweredNetwork.Parameter::spec)
            .map(spec -> spec.name() + " " + spec.fileShape() + " " + spec.role())
            .toList());
    Shape whole = Shape.of(5, 6, 16, 12);
    assertEquals(whole, lowered.parameters().get(6).spec().shape());
    assertEquals(whole, lowered.parameters().get(6).value().type().shape());
  }

  @Test
  void trainedParametersAndStatisticsLieApart() {
    lower(Networks.everyLayer(), EVALUATION);
    builder
        .build()
        .states()
        .forEach(
            state ->
                assertEquals(
                    state.name().contains("running")
                        ? new StateRole.Statistic()
                        : new StateRole.Parameter(),
                    state.role(),
                    state.name()));
  }

  @Test
  void trainingDropsAndNormalisesByTheBatch() {
    LoweredNetwork lowered = lower(Networks.everyLayer(), TRAINING);
    int purpose = Philox.purpose("dropout:dropout1");
    assertTrue(ops().contains(new Dropout(0.5, 7, purpose, 0)));
    assertTrue(ops().contains(new BatchNormTrain(1e-3, 2)));
    assertEquals(
        List.of(0.2, 0.2),
        lowered.statistics().stream().map(LoweredNetwork.StatisticUpdate::momentum).toList());
  }

  @Test
  void evaluationDoesNeither() {
    LoweredNetwork lowered = lower(Networks.everyLayer(), EVALUATION);
    assertTrue(ops().contains(new BatchNormInfer(1e-3)));
    assertTrue(
        ops().stream().noneMatch(op -> op instanceof Dropout || op instanceof BatchNormTrain));
    assertEquals(List.of(), lowered.statistics());
  }

  @Test
  void aSmallBatchHasAsManyStatisticsGroupsAsSamples() {
    LoweringOptions many = new LoweringOptions(DType.FLOAT64, true, false, 9, 0);
    lower(Networks.everyLayer(), many);
    assertTrue(ops().contains(new BatchNormTrain(1e-3, 4)));
    assertTrue(ops().stream().noneMatch(Dropout.class::isInstance));
  }

  /** Of two groups of two images each; the variance is divided by the count less one. */
  @Test
  void runningStatisticsFollowTheMeanOverTheGroups() {
    NetworkBuilder n = new NetworkBuilder("net", new NetworkRequest(3, 16, 12, 3));
    LoweredNetwork lowered = lower(n.build(n.batchNorm("bn", n.input(), 1e-3, 0.2)), TRAINING);
    builder.output("mean", lowered.statistics().get(0).batch());
    builder.output("variance", lowered.statistics().get(1).batch());
    double[] images = Choices.values(1, IMAGES.elements());
    int group = images.length / 2;
    double[] first = Arrays.copyOfRange(images, 0, group);
    double[] second = Arrays.copyOfRange(images, group, images.length);
    try (ReferenceRun run = ReferenceRun.of(builder.build())) {
      run.feed("step", 0);
      run.feed("x", images).run();
      for (int channel = 0; channel < 3; channel++) {
        Moments one = Moments.of(first, channel);
        Moments two = Moments.of(second, channel);
        assertEquals((one.mean() + two.mean()) / 2, run.output("mean")[channel], 1e-14);
        assertEquals((one.variance() + two.variance()) / 2, run.output("variance")[channel], 1e-14);
      }
    }
  }

  /** Mean and unbiased variance of one channel of two images. */
  private record Moments(double mean, double variance) {
    static Moments of(double[] images, int channel) {
      int pixels = 16 * 12;
      double[] values = new double[2 * pixels];
      for (int i = 0; i < values.length; i++) {
        values[i] = images[(i / pixels * 3 + channel) * pixels + i % pixels];
      }
      double mean = Arrays.stream(values).average().orElseThrow();
      double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
      return new Moments(mean, squares / (values.length - 1));
    }
  }

  @Test
  void everyLayerRunsToProbabilities() {
    double[] scores = scores(Networks.everyLayer());
    assertEquals(20, scores.length);
    assertEquals(4, Arrays.stream(scores).sum(), 1e-12);
  }

  /** Scores of seeded images under seeded weights in the order of files. */
  private static double[] scores(Network network) {
    GraphBuilder graph = new GraphBuilder(network.name());
    Value images = graph.batchedInput("x", IMAGES);
    LoweredNetwork lowered = NetworkLowering.lower(network, graph, images, null, EVALUATION);
    graph.batchedOutput("scores", lowered.layers().get(network.output()));
    try (ReferenceRun run = ReferenceRun.of(graph.build())) {
      for (LoweredNetwork.Parameter parameter : lowered.parameters()) {
        ParameterSpec spec = parameter.spec();
        double[] values = Choices.values(Philox.purpose(spec.name()), spec.fileShape().elements());
        if (spec.role() == ParameterRole.RUNNING_VARIANCE) {
          Arrays.setAll(values, i -> 1 + 0.5 * values[i]);
        }
        run.write(spec.name(), values);
      }
      return run.feed("x", Choices.values(1, IMAGES.elements())).run().output("scores");
    }
  }

  private LoweredNetwork lower(Network network, LoweringOptions options) {
    Value step = builder.input("step", TensorType.of(DType.INT64));
    return NetworkLowering.lower(network, builder, x, step, options);
  }

  private static LoweredNetwork lowerAgain(Network network, LoweringOptions options) {
    GraphBuilder other = new GraphBuilder("other");
    return NetworkLowering.lower(network, other, other.input("x", IMAGES), null, options);
  }

  private List<Op> ops() {
    return builder.nodes().stream().map(Node::op).toList();
  }

  private static Map<String, Shape> fileShapes(LoweredNetwork lowered) {
    return lowered.parameters().stream()
        .map(LoweredNetwork.Parameter::spec)
        .collect(Collectors.toMap(ParameterSpec::name, ParameterSpec::fileShape));
  }
}
