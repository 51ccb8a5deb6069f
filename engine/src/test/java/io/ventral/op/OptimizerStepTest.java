package io.ventral.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.testing.Choices;
import io.ventral.testing.Close;
import io.ventral.testing.OptimizerRun;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizerStepTest {
  private static final int SIZE = 7;

  /** Two segments: the second learns at a third of the rate and does not decay. */
  private static final List<Segment> SEGMENTS =
      List.of(new Segment(1, 5e-4), new Segment(1 / 3.0, 0));

  static List<OptimizerStep> steps() {
    return List.of(
        new SgdStep(0, false, SEGMENTS),
        new SgdStep(0.9, true, SEGMENTS),
        new AlexNetStep(0.9, SEGMENTS),
        new AdamStep(0.9, 0.999, 1e-8, true, SEGMENTS),
        new RmsPropStep(0.9, 0.03, 0.9, SEGMENTS));
  }

  /** Krizhevsky, Sutskever and Hinton 2012, section 5, written down a second time. */
  @Test
  void tenStepsOfAlexNetsRule() {
    double[] w = Choices.values(1, SIZE);
    double[] v = new double[SIZE];
    AlexNetStep rule = new AlexNetStep(0.9, List.of(new Segment(2, 5e-4)));
    try (OptimizerRun run = new OptimizerRun(rule, w.clone())) {
      for (int step = 1; step <= 10; step++) {
        double rate = 0.1 / step;
        double[] g = Choices.values(1 + step, SIZE);
        for (int i = 0; i < SIZE; i++) {
          v[i] = 0.9 * v[i] - 5e-4 * (2 * rate) * w[i] - 2 * rate * g[i];
          w[i] += v[i];
        }
        run.step(rate, 1, g);
        Close.elementwise("w after step " + step, w, run.parameter(), 1e-14, 1e-15);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("steps")
  void parametersDoNotSeeOneAnother(OptimizerStep both) {
    double[] first = Choices.values(1, SIZE);
    double[] second = Choices.values(2, SIZE + 4);
    try (OptimizerRun together = new OptimizerRun(both, first, second);
        OptimizerRun one = new OptimizerRun(only(both, 0), first);
        OptimizerRun other = new OptimizerRun(only(both, 1), second)) {
      for (int step = 0; step < 3; step++) {
        double[] g = Choices.values(3 + step, SIZE);
        double[] h = Choices.values(9 + step, SIZE + 4);
        together.step(0.1, 1, g, h);
        one.step(0.1, 1, g);
        other.step(0.1, 1, h);
      }
      assertArrayEquals(one.parameter(), together.parameter(0));
      assertArrayEquals(other.parameter(), together.parameter(1));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("steps")
  void theRateOfASegmentIsScaled(OptimizerStep both) {
    double[] w = Choices.values(2, SIZE);
    double[] g = Choices.values(3, SIZE);
    try (OptimizerRun scaled = new OptimizerRun(only(both, 1), w);
        OptimizerRun plain = new OptimizerRun(with(both, List.of(new Segment(1, 0))), w)) {
      scaled.step(0.3, 1, g);
      plain.step(0.3 * SEGMENTS.get(1).rateScale(), 1, g);
      Close.elementwise("w", plain.parameter(), scaled.parameter(), 1e-14, 1e-16);
      assertEquals(1, scaled.appliedSteps());
    }
  }

  /** Powers of two leave no trace: the very same numbers. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("steps")
  void theLossScaleIsTakenOutOfGradients(OptimizerStep both) {
    double scale = 0x1p16;
    double[] w = Choices.values(1, SIZE);
    double[] g = Choices.values(2, SIZE);
    double[] scaled = Arrays.stream(g).map(x -> scale * x).toArray();
    try (OptimizerRun plain = new OptimizerRun(only(both, 0), w);
        OptimizerRun times = new OptimizerRun(only(both, 0), w)) {
      for (int step = 0; step < 3; step++) {
        plain.step(0.1, 1, g);
        times.scaledStep(scale, 0.1, 1, scaled);
      }
      assertArrayEquals(plain.parameter(), times.parameter());
    }
  }

  private static OptimizerStep only(OptimizerStep step, int segment) {
    return with(step, List.of(SEGMENTS.get(segment)));
  }

  private static OptimizerStep with(OptimizerStep step, List<Segment> segments) {
    return switch (step) {
      case SgdStep s -> new SgdStep(s.momentum(), s.nesterov(), segments);
      case AlexNetStep s -> new AlexNetStep(s.momentum(), segments);
      case AdamStep s ->
          new AdamStep(s.beta1(), s.beta2(), s.epsilon(), s.decoupledDecay(), segments);
      case RmsPropStep s -> new RmsPropStep(s.alpha(), s.epsilon(), s.momentum(), segments);
    };
  }
}
