package io.ventral.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.StateRole;
import io.ventral.op.Add;
import io.ventral.op.BatchNormInfer;
import io.ventral.op.BiasAdd;
import io.ventral.op.Conv2d;
import io.ventral.op.Relu;
import io.ventral.op.Scale;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.testing.Choices;
import io.ventral.testing.Close;
import io.ventral.testing.ReferenceRun;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Folding rounds other numbers than the plain graph does, so the two cannot agree bit for bit: each
 * product f·w and f·x differs by some roundings of double, and so does their sum over the window,
 * relative to the sum of the magnitudes.
 */
class FoldBatchNormTest {
  private static final int CHANNELS = 6;
  private static final int WINDOW = 3 * 3 * CHANNELS;

  /** Roundings of a sum over the window of two products each, on both sides, with room. */
  private static final double TOLERANCE = 4 * (WINDOW + 4) * 0x1p-53;

  private final GraphBuilder builder = new GraphBuilder("fold").at("n");
  private final RuleTrial trial = new RuleTrial(builder);
  private final Value x = builder.input("x", TensorType.of(DType.FLOAT64, 2, CHANNELS, 5, 5));

  @Test
  void aNormalisationGoesIntoFilterAndBias() {
    builder.output("y", normalised(convolved(x)));
    assertEquals(List.of("BatchNormFold", "Conv2d", "BiasAdd"), trial.after(new FoldBatchNorm()));
  }

  @Test
  void aBiasGoesWithIt() {
    Value bias = vector("own");
    builder.output("y", normalised(builder.emit(new BiasAdd(), convolved(x), bias)));
    assertEquals(List.of("BatchNormFold", "Conv2d", "BiasAdd"), trial.after(new FoldBatchNorm()));
  }

  @Test
  void aResultThatIsNeededBesidesStays() {
    Value conv = convolved(x);
    builder.output("conv", conv);
    builder.output("y", normalised(conv));
    assertEquals(List.of("Conv2d", "BatchNormInfer"), trial.after(new FoldBatchNorm()));
  }

  @Test
  void aBiasedResultThatIsNeededBesidesStays() {
    Value conv = convolved(x);
    builder.output("y", normalised(builder.emit(new BiasAdd(), conv, vector("own"))));
    builder.output("conv", conv);
    assertEquals(List.of("Conv2d", "BiasAdd", "BatchNormInfer"), trial.after(new FoldBatchNorm()));
  }

  @Test
  void whatIsTrainedStays() {
    Value conv = convolved(x);
    Value filter = builder.nodes().getLast().inputs().get(1);
    builder.output("y", normalised(conv));
    builder.update(filter, builder.emit(new Scale(0.5), filter));
    assertEquals(List.of("Conv2d", "BatchNormInfer", "Scale"), trial.after(new FoldBatchNorm()));
  }

  @Test
  void statisticsThatChangeStay() {
    builder.output("y", normalised(convolved(x)));
    Value mean = builder.nodes().getLast().inputs().get(3);
    builder.update(mean, builder.emit(new Scale(0.5), mean));
    assertEquals(List.of("Conv2d", "BatchNormInfer", "Scale"), trial.after(new FoldBatchNorm()));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void aResidualBlockGivesWhatThePlainOneGives(int seed) {
    Value first = builder.emit(new Relu(), normalised(convolved(x)));
    Value second = convolved(first);
    if (seed % 2 == 1) {
      second = builder.emit(new BiasAdd(), second, vector("own"));
    }
    Value sum = builder.emit(new Add(), normalised(second), x);
    builder.output("y", builder.emit(new Relu(), sum));
    Graph graph = builder.build();
    try (ReferenceRun folded = ReferenceRun.of(graph);
        ReferenceRun plain = ReferenceRun.plain(graph)) {
      assertTrue(folded.executable().graph().nodes().size() < graph.nodes().size());
      for (int step = 0; step < 3; step++) {
        double[] expected = run(plain, seed + 10 * step);
        double[] actual = run(folded, seed + 10 * step);
        Close.elementwise("y", expected, actual, 0, TOLERANCE * magnitude());
      }
    }
  }

  /** An upper bound of the sums of magnitudes: all numbers are at most 1, f at most 1/√(½). */
  private static double magnitude() {
    double factor = Math.sqrt(2);
    double first = factor * (WINDOW + 2) + 1;
    return factor * (WINDOW * first + 2) + 2;
  }

  /** Writes every state and feeds every input anew, and runs twice. */
  private static double[] run(ReferenceRun run, int seed) {
    for (String name : run.names()) {
      long elements =
          run.session().states().containsKey(name)
              ? run.session().states().get(name).elements()
              : run.elements(name);
      double[] values = Choices.values(seed + name.hashCode(), elements);
      for (int i = 0; name.startsWith("variance") && i < values.length; i++) {
        values[i] = 0.75 + 0.25 * values[i];
      }
      run.set(name, values);
    }
    run.run();
    return run.run().output("y");
  }

  private Value convolved(Value from) {
    Value filter =
        builder.state(
            name("filter"),
            new StateRole.Parameter(),
            TensorType.of(DType.FLOAT64, CHANNELS, CHANNELS, 3, 3));
    return builder.emit(new Conv2d(Window2d.square(3, 1, 1), 1), from, filter);
  }

  private Value normalised(Value from) {
    return builder.emit(
        new BatchNormInfer(1e-3),
        from,
        vector("scale"),
        vector("bias"),
        vector("mean"),
        vector("variance"));
  }

  private Value vector(String what) {
    TensorType type = TensorType.of(DType.FLOAT64, CHANNELS);
    return builder.state(name(what), new StateRole.Parameter(), type);
  }

  private String name(String what) {
    return what + " " + builder.nodes().size();
  }
}
