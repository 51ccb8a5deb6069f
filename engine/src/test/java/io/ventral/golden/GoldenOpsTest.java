package io.ventral.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.autodiff.Differentiator;
import io.ventral.graph.GraphBuilder;
import io.ventral.op.Value;
import io.ventral.testing.Close;
import io.ventral.testing.ReferenceRun;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operator case against PyTorch in float64: output, all gradients, running statistics. */
class GoldenOpsTest {
  private static final double RELATIVE = 1e-9;
  private static final double ABSOLUTE = 1e-12;

  static List<GoldenCase> cases() {
    return GoldenCase.all().stream().filter(c -> !c.op().equals("Optimizer")).toList();
  }

  @Test
  void theFileHoldsAllCases() {
    assertEquals(52, GoldenCase.all().size());
    assertEquals(46, cases().size());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void outputGradientsAndStatisticsArePyTorchs(GoldenCase golden) {
    check(golden, GoldenForward::y);
  }

  @Test
  void aFullyConnectedLayerIsAConvolutionOverItsWholeInput() {
    GoldenCase linear =
        cases().stream().filter(c -> c.op().equals("Linear")).findFirst().orElseThrow();
    check(linear, GoldenForward::linearAsConvolution);
  }

  private static void check(GoldenCase golden, Function<GoldenForward, Value> program) {
    GraphBuilder builder = new GraphBuilder(golden.name()).at(golden.op());
    GoldenForward forward = new GoldenForward(golden, builder);
    Value y = program.apply(forward);
    Value dy = builder.input("dy", y.type());
    List<String> wanted =
        forward.inputs().keySet().stream().filter(name -> golden.has("d" + name)).toList();
    List<Value> gradients =
        Differentiator.differentiate(
            builder, Map.of(y, dy), wanted.stream().map(forward.inputs()::get).toList());
    builder.output("y", y);
    for (int i = 0; i < wanted.size(); i++) {
      builder.output("d" + wanted.get(i), gradients.get(i));
    }
    try (ReferenceRun run = ReferenceRun.of(builder.build())) {
      set(golden, run);
      run.run();
      compare(golden, run);
    }
  }

  private static void set(GoldenCase golden, ReferenceRun run) {
    for (String name : run.names()) {
      switch (name) {
        case "labels", "target" -> run.set(name, golden.flat(name));
        case "apply running_mean", "apply running_var" -> run.set(name, 1);
        default -> run.set(name, golden.values(name));
      }
    }
  }

  /** Every tensor of the file that is a result is compared; what the program lacks is an error. */
  private static void compare(GoldenCase golden, ReferenceRun run) {
    for (String name : golden.names()) {
      if (name.startsWith("new_")) {
        compare(golden, name, run.state(name.substring("new_".length())));
      } else if (name.equals("y") || (name.startsWith("d") && !name.equals("dy"))) {
        compare(golden, name, run.output(name));
      }
    }
  }

  private static void compare(GoldenCase golden, String tensor, double[] actual) {
    Close.elementwise(golden + " " + tensor, golden.values(tensor), actual, RELATIVE, ABSOLUTE);
  }
}
