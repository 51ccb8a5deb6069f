package io.ventral.rewrite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.autodiff.Differentiator;
import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.Node;
import io.ventral.graph.StateRole;
import io.ventral.op.Add;
import io.ventral.op.BatchNormInfer;
import io.ventral.op.BatchNormTrain;
import io.ventral.op.BiasAdd;
import io.ventral.op.Cast;
import io.ventral.op.Constant;
import io.ventral.op.Conv2d;
import io.ventral.op.MatMul;
import io.ventral.op.MaxPool;
import io.ventral.op.ReduceSum;
import io.ventral.op.Relu;
import io.ventral.op.Reshape;
import io.ventral.op.Segment;
import io.ventral.op.SgdStep;
import io.ventral.op.SoftmaxCrossEntropy;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.Rounding;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.testing.ReferenceRun;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MixedPrecisionTest {
  private static final List<DeviceTraits> USUAL = List.of(DeviceTraits.usual());

  private static final DType NARROW = DType.BFLOAT16;
  private static final TensorType SCALAR = TensorType.of(DType.FLOAT32);
  private static final double EPSILON = 0x1p-5;

  private final GraphBuilder builder = new GraphBuilder("step").at("n");
  private final List<Value> parameters = new ArrayList<>();

  @Test
  void inputsStatesAndOutputsKeepTheirFormats() {
    Graph plain = convolutions();
    Graph mixed = new MixedPrecision(NARROW).apply(plain);
    assertEquals(plain.states().size(), mixed.states().size());
    mixed.inputs().forEach(input -> assertTrue(input.value().type().dtype() != NARROW));
    mixed.states().forEach(state -> assertTrue(state.type().dtype() != NARROW, state.name()));
    mixed.outputs().forEach(output -> assertEquals(DType.FLOAT32, output.value().type().dtype()));
  }

  @Test
  void activationsAndTheirGradientsHave16BitsGradientsOfParametersDoNot() {
    Graph mixed = new MixedPrecision(NARROW).apply(convolutions());
    Map<String, String> expected =
        Map.ofEntries(
            Map.entry("Conv2d", "bf16"),
            Map.entry("BatchNormTrain", "bf16 f32 f32 f32"),
            Map.entry("Relu", "bf16"),
            Map.entry("Add", "bf16"),
            Map.entry("MaxPool", "bf16 opaque"),
            Map.entry("Reshape", "bf16"),
            Map.entry("BiasAdd", "bf16"),
            Map.entry("SoftmaxCrossEntropy", "f32"),
            Map.entry("SoftmaxCrossEntropyGrad", "f32"),
            Map.entry("MaxPoolGrad", "bf16"),
            Map.entry("ReluGrad", "bf16"),
            Map.entry("BatchNormGrad", "bf16 f32 f32"),
            Map.entry("Conv2dGradInput", "bf16"),
            Map.entry("Conv2dGradFilter", "f32"),
            Map.entry("BiasGrad", "f32"));
    for (Node node : mixed.nodes()) {
      String kind = node.op().getClass().getSimpleName();
      if (expected.containsKey(kind)) {
        assertEquals(expected.get(kind), formats(node.outputs()), node.toString());
      }
    }
    List<String> products =
        mixed.nodes().stream()
            .filter(node -> node.op() instanceof MatMul)
            .map(node -> formats(node.outputs()))
            .toList();
    assertEquals(List.of("bf16", "bf16", "f32"), products);
  }

  @Test
  void aValueIsCastOnceForAllItsReaders() {
    Graph mixed = new MixedPrecision(NARROW).apply(convolutions());
    List<Value> cast =
        mixed.nodes().stream()
            .filter(node -> node.op() instanceof Cast)
            .map(node -> node.inputs().getFirst())
            .toList();
    assertEquals(List.copyOf(new LinkedHashSet<>(cast)), cast);
    // The images, three filters, a matrix; the scores up and their gradient down again.
    assertEquals(7, cast.size());
  }

  @Test
  void fusionsFindWhatTheyFindInOneFormat() {
    Graph step = convolutions();
    List<String> plain = withoutCasts(Rewrites.apply(step, USUAL));
    List<String> mixed =
        withoutCasts(Rewrites.apply(new MixedPrecision(NARROW).apply(step), USUAL));
    assertEquals(plain, mixed);
    assertTrue(mixed.contains("BatchNormReluGrad"));
    assertTrue(mixed.contains("BatchNormAddReluTrain"));
  }

  @Test
  void whatHas16BitsAnywayIsGivenOutWidenedAndReadNarrow() {
    Value x = builder.input("x", TensorType.of(DType.FLOAT32, 2, 3));
    Value w = builder.input("w", TensorType.of(DType.FLOAT32, 3, 3));
    Value y = builder.emit(new MatMul(false, false), x, w);
    builder.output("y", y);
    builder.output("z", builder.emit(new Relu(), y));
    Graph mixed = new MixedPrecision(NARROW).apply(builder.build());
    assertEquals(
        List.of("Cast to bf16", "Cast to bf16", "MatMul A·B", "Cast to f32", "Relu", "Cast to f32"),
        mixed.nodes().stream().map(node -> node.op().label()).toList());
    assertEquals("bf16", formats(mixed.nodes().get(4).inputs()));
  }

  @Test
  void normalisationIsFoldedIntoTheFilterAndThatRounded() {
    Value x = builder.batchedInput("x", TensorType.of(DType.FLOAT32, 4, 3, 8, 8));
    builder.batchedOutput("y", builder.emit(new Relu(), normalised(conv(x, 3))));
    Graph mixed =
        Rewrites.apply(
            new MixedPrecision(NARROW).apply(builder.build()), List.of(DeviceTraits.usual()));
    assertEquals(
        List.of("BatchNormFold f32 f32", "Cast bf16", "Cast bf16", "Conv2dBias bf16", "Cast f32"),
        mixed.nodes().stream()
            .map(node -> node.op().getClass().getSimpleName() + " " + formats(node.outputs()))
            .toList());
  }

  /**
   * One weight, one pixel: 3·(1 + 2⁻⁸) rounds to 3 + 2⁻⁶; of 1 + 2⁻⁸ rounded first 3 would be left.
   */
  @Test
  void aFoldedFilterIsRoundedOnce() {
    Value x = builder.input("x", TensorType.of(DType.FLOAT32, 1, 1, 1, 1));
    Value w = parameter(1, 1, 1, 1);
    Value c = builder.emit(new Conv2d(Window2d.square(1, 1, 0), 1), x, w);
    builder.output("y", normalised(c));
    Graph mixed = new MixedPrecision(NARROW).apply(builder.build());
    try (ReferenceRun run = ReferenceRun.of(mixed)) {
      run.write("w0", 1 + 0x1p-8)
          .write("w1", 3)
          .write("w2", 0)
          .write("w3", 0)
          .write("w4", 1 - EPSILON);
      assertArrayEquals(new double[] {3 + 0x1p-6}, run.feed("x", 1).run().output("y"));
    }
  }

  /** One weight, one image: y = x·w in 16 bits, loss = y, w ← w − rate·x. */
  @Test
  void parametersMoveByLessThan16BitsHold() {
    Value x = builder.input("x", TensorType.of(DType.FLOAT32, 1, 1));
    Value w = parameter(1, 1);
    Value y = builder.emit(new MatMul(false, true), x, w);
    Value loss = builder.emit(new ReduceSum(List.of(0)), builder.emit(new Reshape(List.of(-1)), y));
    train(loss);
    Graph mixed = new MixedPrecision(NARROW).apply(builder.build());
    double given = 1 + 0x1p-10;
    try (ReferenceRun run = ReferenceRun.of(mixed)) {
      run.write("w0", given).write("applied", 0).write("momentum0", 0);
      run.feed("x", 1 + 0x1p-6 + 0x1p-10).feed("rate", 0x1p-12).feed("apply", 1).run();
      // Both factors lose what 8 significant bits do not hold; the product 1 + 2⁻⁶ fits.
      assertArrayEquals(new double[] {1 + 0x1p-6}, run.output("loss"));
      // The step is below the distance of 16-bit numbers, and the parameter is not rounded.
      assertArrayEquals(new double[] {given - 0x1p-12 * (1 + 0x1p-6)}, run.state("w0"));
      assertArrayEquals(new double[] {1 + 0x1p-6}, run.state("momentum0"));
    }
  }

  /** A residual block, pooling and a classifier, with a step of training. */
  private Graph convolutions() {
    GraphBuilder b = builder;
    Value x = b.batchedInput("x", TensorType.of(DType.FLOAT32, 4, 3, 8, 8));
    Value labels = b.batchedInput("labels", TensorType.of(DType.INT64, 4));
    Value first = block(x, 3);
    Value second = block(first, 6);
    Value sum = b.emit(new Add(), first, norm(conv(second, 6)));
    Value pooled =
        b.emit(
                new MaxPool(Window2d.square(2, 2, 0), Rounding.FLOOR),
                List.of(b.emit(new Relu(), sum)))
            .getFirst();
    Value flat = b.emit(Reshape.flatten(), pooled);
    Value product = b.emit(new MatMul(false, true), flat, parameter(5, flat.type().extent(1)));
    Value scores = b.emit(new BiasAdd(), product, parameter(5));
    Value losses = b.emit(new SoftmaxCrossEntropy(0), scores, labels);
    train(b.emit(new ReduceSum(List.of(0)), losses));
    return b.build();
  }

  private Value block(Value x, int channels) {
    return builder.emit(new Relu(), norm(conv(x, channels)));
  }

  private Value conv(Value x, int channels) {
    return builder.emit(new Conv2d(Window2d.square(3, 1, 1), 1), x, parameter(6, channels, 3, 3));
  }

  private Value norm(Value x) {
    return builder.emit(new BatchNormTrain(1e-5, 1), x, parameter(6), parameter(6));
  }

  private Value normalised(Value x) {
    int channels = x.type().extent(1);
    Value[] operands = {
      x, parameter(channels), parameter(channels), parameter(channels), parameter(channels)
    };
    return builder.emit(new BatchNormInfer(EPSILON), operands);
  }

  private Value parameter(int... extents) {
    TensorType type = TensorType.of(DType.FLOAT32, extents);
    Value value = builder.state("w" + parameters.size(), new StateRole.Parameter(), type);
    parameters.add(value);
    return value;
  }

  private void train(Value loss) {
    builder.output("loss", loss);
    Value one = builder.emit(new Constant(loss.type(), 1));
    List<Value> gradients = Differentiator.differentiate(builder, Map.of(loss, one), parameters);
    List<Value> inputs = new ArrayList<>();
    inputs.add(builder.input("rate", SCALAR));
    inputs.add(builder.input("apply", SCALAR.with(DType.INT32)));
    inputs.add(builder.state("applied", new StateRole.Counter(), SCALAR.with(DType.INT64)));
    inputs.add(one);
    inputs.addAll(parameters);
    inputs.addAll(gradients);
    List<Value> changing = new ArrayList<>(parameters);
    for (int i = 0; i < parameters.size(); i++) {
      StateRole momentum = new StateRole.Slot("momentum");
      changing.add(builder.state("momentum" + i, momentum, parameters.get(i).type()));
    }
    inputs.addAll(changing.subList(parameters.size(), changing.size()));
    changing.add(inputs.get(2));
    SgdStep step =
        new SgdStep(0.9, false, parameters.stream().map(p -> new Segment(1, 0)).toList());
    List<Value> results = builder.emit(step, inputs);
    for (int i = 0; i < changing.size(); i++) {
      builder.update(changing.get(i), results.get(i));
    }
  }

  private static String formats(List<Value> values) {
    return String.join(
        " ", values.stream().map(value -> value.type().dtype().shortName()).toList());
  }

  private static List<String> withoutCasts(Graph graph) {
    return RuleTrial.kinds(graph).stream().filter(kind -> !kind.equals("Cast")).toList();
  }
}
