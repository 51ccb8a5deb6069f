package io.ventral.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.op.AdamStep;
import io.ventral.op.AlexNetStep;
import io.ventral.op.OptimizerStep;
import io.ventral.op.RmsPropStep;
import io.ventral.op.Segment;
import io.ventral.op.SgdStep;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One number w = 1 with gradient 2, scaled by 8, decay 1 and rate 0.1: twice the 0.05 given. */
class OptimizersTest {
  private static final List<Segment> SEGMENT = List.of(new Segment(2, 1));

  @Test
  void momentumGathersDecayedGradients() {
    // g = 3, v = 0.5·10 + 3 = 8.
    assertStep(new SgdStep(0.5, false, SEGMENT), 1, 1 - 0.1 * 8, 8);
    assertStep(new SgdStep(0.5, true, SEGMENT), 1, 1 - 0.1 * (3 + 0.5 * 8), 8);
    assertStep(new SgdStep(0, false, SEGMENT), 1, 1 - 0.1 * 3);
  }

  @Test
  void alexNetsVelocityHoldsTheRate() {
    double v = 0.5 * 10 - 0.1 * 1 - 0.1 * 2;
    assertStep(new AlexNetStep(0.5, SEGMENT), 1, 1 + v, v);
  }

  @Test
  void adamCorrectsItsMeans() {
    // g = 3 at t = 1: m = 0.5·10 + 0.5·3, v = 0.75·10 + 0.25·9.
    double m = 6.5;
    double v = 9.75;
    assertStep(
        new AdamStep(0.5, 0.75, 0, false, SEGMENT),
        1,
        1 - 0.1 * (m / 0.5) / Math.sqrt(v / 0.25),
        m,
        v);
  }

  @Test
  void decoupledDecayStaysOutOfTheMeans() {
    double m = 0.5 * 10 + 0.5 * 2;
    double v = 0.75 * 10 + 0.25 * 4;
    assertStep(
        new AdamStep(0.5, 0.75, 0, true, SEGMENT),
        1,
        1 * (1 - 0.1 * 1) - 0.1 * (m / 0.5) / Math.sqrt(v / 0.25),
        m,
        v);
  }

  @Test
  void rmsPropDividesByTheRootOfSquares() {
    double square = 0.5 * 10 + 0.5 * 9;
    double momentum = 0.5 * 10 + 3 / (Math.sqrt(square) + 1);
    assertStep(new RmsPropStep(0.5, 1, 0.5, SEGMENT), 1, 1 - 0.1 * momentum, square, momentum);
  }

  @Test
  void aSkippedStepChangesNothing() {
    assertStep(new SgdStep(0.5, false, SEGMENT), 0, 1, 10);
  }

  /** Checks w and the slots, which are 10 before, and the count of steps. */
  private static void assertStep(OptimizerStep step, int apply, double w, double... slots) {
    List<HostTensor> inputs = new ArrayList<>();
    inputs.add(HostTensor.scalar(DType.FLOAT64, 0.05));
    inputs.add(HostTensor.scalar(DType.INT32, apply));
    inputs.add(HostTensor.scalar(DType.INT64, 0));
    inputs.add(HostTensor.scalar(DType.FLOAT64, 8));
    inputs.add(number(1));
    inputs.add(number(8 * 2));
    step.slots().forEach(slot -> inputs.add(number(10)));
    List<double[]> outputs = Eager.run(step, inputs.toArray(HostTensor[]::new));
    assertEquals(w, outputs.getFirst()[0], 1e-15);
    for (int slot = 0; slot < slots.length; slot++) {
      assertEquals(slots[slot], outputs.get(1 + slot)[0], 1e-15);
    }
    assertEquals(apply, outputs.getLast()[0]);
  }

  private static HostTensor number(double value) {
    return HostTensor.ofRowMajor(TensorType.of(DType.FLOAT64, 1), value);
  }
}
