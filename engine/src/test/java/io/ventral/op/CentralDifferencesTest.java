package io.ventral.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.autodiff.Differentiator;
import io.ventral.check.OpCase;
import io.ventral.check.OpCases;
import io.ventral.check.Operand;
import io.ventral.graph.GraphBuilder;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Philox;
import io.ventral.testing.Choices;
import io.ventral.testing.Close;
import io.ventral.testing.ReferenceRun;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The gradient rule of every operation against central differences of its forward pass, in double:
 * for a random cotangent dy, d(Σ dy·y)/dx[i] ≈ Σ dy·(y(x + h·e_i) − y(x − h·e_i)) / 2h.
 */
class CentralDifferencesTest {
  /** The first output is the one with a gradient; batch statistics and saved values have none. */
  private static final int Y = 0;

  /** Elements of one input that are tried; of larger inputs a seeded sample. */
  private static final int TRIED = 200;

  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 1e-6;

  static List<OpCase> cases() {
    return OpCases.all().stream()
        .filter(opCase -> opCase.inputs().stream().anyMatch(Operand::differentiable))
        .toList();
  }

  @Test
  void manyCasesHaveAGradient() {
    assertTrue(3 * cases().size() > OpCases.all().size(), "only " + cases().size());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void gradientsAreSlopes(OpCase opCase) {
    GraphBuilder builder = new GraphBuilder(opCase.name()).at(opCase.name());
    List<Value> inputs =
        IntStream.range(0, opCase.inputs().size())
            .mapToObj(i -> builder.input("x" + i, opCase.inputs().get(i).type()))
            .toList();
    Value y = builder.emit(opCase.op(), inputs).get(Y);
    Value dy = builder.input("dy", y.type());
    List<Integer> wanted =
        IntStream.range(0, inputs.size())
            .filter(i -> opCase.inputs().get(i).differentiable())
            .boxed()
            .toList();
    List<Value> gradients =
        Differentiator.differentiate(
            builder, Map.of(y, dy), wanted.stream().map(inputs::get).toList());
    assertEquals(
        wanted.stream().map(i -> inputs.get(i).type()).toList(),
        gradients.stream().map(Value::type).toList());
    builder.output("y", y);
    for (int i = 0; i < wanted.size(); i++) {
      builder.output("dx" + wanted.get(i), gradients.get(i));
    }
    try (ReferenceRun run = ReferenceRun.of(builder.build())) {
      double[] cotangent = Choices.values(Philox.purpose(opCase.name()), y.type().elements());
      run.feed("dy", cotangent);
      IntStream.range(0, inputs.size()).forEach(i -> run.feed("x" + i, values(opCase, i)));
      wanted.forEach(input -> compare(opCase, input, run, cotangent));
    }
  }

  /** What has no case of its own, as no case can feed it, runs in the gradient of another. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void gradientsRunWhatOnlyTheyCanFeed(OpCase opCase) {
    GraphBuilder builder = new GraphBuilder(opCase.name());
    List<Value> inputs =
        opCase.inputTypes().stream().map(type -> builder.input("x", type)).toList();
    Value y = builder.emit(opCase.op(), inputs).get(Y);
    Differentiator.differentiate(builder, Map.of(y, y), inputs.subList(0, 1));
    OpCases.coveredByGradientOf()
        .forEach(
            (gradient, forward) ->
                assertEquals(
                    forward.isInstance(opCase.op()),
                    builder.nodes().stream().anyMatch(node -> gradient.isInstance(node.op()))));
  }

  private static void compare(OpCase opCase, int input, ReferenceRun run, double[] cotangent) {
    double[] x = values(opCase, input);
    double[] gradient = run.feed("x" + input, x).run().output("dx" + input);
    double scale = Close.largest(gradient);
    for (int element : elements(opCase.name(), x.length)) {
      double slope = slope(run, "x" + input, x, element, cotangent);
      assertEquals(
          slope,
          gradient[element],
          TOLERANCE * Math.max(scale, Math.abs(slope)) + 1e-9,
          () -> "%s: gradient of input %d, element %d".formatted(opCase, input, element));
    }
    run.feed("x" + input, x);
  }

  private static double slope(
      ReferenceRun run, String input, double[] x, int element, double[] cotangent) {
    double step = STEP * Math.max(1, Math.abs(x[element]));
    double[] moved = x.clone();
    moved[element] = x[element] + step;
    double[] above = run.feed(input, moved).run().output("y");
    moved[element] = x[element] - step;
    double[] below = run.feed(input, moved).run().output("y");
    double sum = 0;
    for (int i = 0; i < above.length; i++) {
      sum += cotangent[i] * (above[i] - below[i]);
    }
    return sum / (2 * step);
  }

  private static int[] elements(String name, int count) {
    Choices choices = new Choices(Philox.purpose(name));
    return count <= TRIED
        ? IntStream.range(0, count).toArray()
        : IntStream.generate(() -> choices.below(count)).limit(TRIED).toArray();
  }

  private static double[] values(OpCase opCase, int input) {
    try (HostTensor tensor = opCase.tensor(input)) {
      return tensor.toRowMajor();
    }
  }
}
