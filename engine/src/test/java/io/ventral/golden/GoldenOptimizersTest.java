package io.ventral.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.op.AdamStep;
import io.ventral.op.OptimizerStep;
import io.ventral.op.RmsPropStep;
import io.ventral.op.Segment;
import io.ventral.op.SgdStep;
import io.ventral.testing.Close;
import io.ventral.testing.OptimizerRun;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ten steps of every optimizer against PyTorch in float64. */
class GoldenOptimizersTest {
  static List<GoldenCase> cases() {
    return GoldenCase.all().stream().filter(c -> c.op().equals("Optimizer")).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void tenStepsArePyTorchs(GoldenCase golden) {
    try (OptimizerRun run = new OptimizerRun(step(golden), golden.values("w0"))) {
      for (int step = 1; step <= 10; step++) {
        run.step(golden.number("lr"), 1, golden.values("g" + step));
        Close.elementwise(
            golden + " w" + step, golden.values("w" + step), run.parameter(), 1e-9, 1e-12);
      }
      assertEquals(10, run.appliedSteps());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void aStepThatIsNotAppliedChangesNothing(GoldenCase golden) {
    try (OptimizerRun run = new OptimizerRun(step(golden), golden.values("w0"));
        OptimizerRun skipping = new OptimizerRun(step(golden), golden.values("w0"))) {
      for (int step = 1; step <= 3; step++) {
        run.step(golden.number("lr"), 1, golden.values("g" + step));
        skipping.step(golden.number("lr"), 1, golden.values("g" + step));
        skipping.step(golden.number("lr"), 0, golden.values("g9"));
        assertArrayEquals(run.parameter(), skipping.parameter());
      }
      assertEquals(3, skipping.appliedSteps());
    }
  }

  private static OptimizerStep step(GoldenCase golden) {
    List<Segment> segments = List.of(new Segment(1, golden.number("weight_decay", 0)));
    double momentum = golden.number("momentum", 0);
    String optimizer = golden.attributes().get("optimizer").asString();
    return switch (optimizer) {
      case "SGD" -> new SgdStep(momentum, golden.flag("nesterov"), segments);
      case "Adam", "AdamW" ->
          new AdamStep(
              golden.attributes().get("betas").get(0).asDouble(),
              golden.attributes().get("betas").get(1).asDouble(),
              golden.number("eps"),
              optimizer.equals("AdamW"),
              segments);
      case "RMSprop" ->
          new RmsPropStep(golden.number("alpha"), golden.number("eps"), momentum, segments);
      default -> throw new IllegalArgumentException("no optimizer for " + optimizer);
    };
  }
}
