package io.ventral.backend.onednn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.backend.Kernel;
import io.ventral.backend.Operands;
import io.ventral.backend.Region;
import io.ventral.backend.onednn.update.ParameterRun;
import io.ventral.op.AdamStep;
import io.ventral.op.OptimizerStep;
import io.ventral.op.Segment;
import io.ventral.op.SgdStep;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Updates of many parameters in one pass. */
class OptimizerLoopTest {
  private static final Segment WEIGHT = new Segment(1, 0.05);
  private static final Segment BIAS = new Segment(2, 0);
  private static final List<Segment> SEGMENTS = List.of(WEIGHT, WEIGHT, BIAS, WEIGHT, WEIGHT);

  /** The third ends off the alignment, so that the fourth does not touch it. */
  private static final int[] COUNTS = {64 * 1000, 16, 5, 48, 30_001};

  private static final double RATE = 0.1;
  private static final double MOMENTUM = 0.9;
  private static final double SCALE = 4;

  private final LoopWorkbench bench = new LoopWorkbench(3);

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void neighboursOfOneSegmentAreOneRun() {
    SgdStep step = new SgdStep(MOMENTUM, false, SEGMENTS);
    List<ParameterRun> runs = ParameterRun.of(step, inPlace(operands(step, 1)));
    assertEquals(List.of(64_016L, 5L, 30_049L), runs.stream().map(ParameterRun::elements).toList());
    assertEquals(List.of(WEIGHT, BIAS, WEIGHT), runs.stream().map(ParameterRun::segment).toList());
    // Elsewhere for one of the operands alone is enough to keep them apart.
    assertEquals(5, ParameterRun.of(step, apart(operands(step, 1))).size());
  }

  @Test
  void momentum() {
    sgd(new SgdStep(MOMENTUM, false, SEGMENTS));
  }

  @Test
  void nesterov() {
    sgd(new SgdStep(MOMENTUM, true, SEGMENTS));
  }

  @Test
  void withoutMomentum() {
    sgd(new SgdStep(0, false, SEGMENTS));
  }

  private void sgd(SgdStep step) {
    List<Region> before = operands(step, 1);
    Operands apart = apart(before);
    run(step, apart);
    for (int k = 0; k < COUNTS.length; k++) {
      float[] w = LoopWorkbench.floats(step.parameters(before).get(k));
      float[] g = LoopWorkbench.floats(step.gradients(before).get(k));
      float[] newW = LoopWorkbench.floats(step.newParameters(apart.outputs()).get(k));
      Segment segment = SEGMENTS.get(k);
      for (int i = 0; i < w.length; i++) {
        double gradient = g[i] / SCALE + segment.weightDecay() * w[i];
        double v = gradient;
        if (step.momentum() != 0) {
          v += step.momentum() * LoopWorkbench.view(step.slot(before, 0).get(k)).get(i);
          double newV = LoopWorkbench.view(step.newSlot(apart.outputs(), 0).get(k)).get(i);
          assertEquals(v, newV, 1e-6, "velocity " + k + "." + i);
        }
        double direction = step.nesterov() ? gradient + step.momentum() * v : v;
        double expected = w[i] - RATE * segment.rateScale() * direction;
        assertEquals(expected, newW[i], 1e-6, "parameter " + k + "." + i);
      }
    }
    assertEquals(8, LoopWorkbench.view(apart.outputs().getLast()).value());
    Operands inPlace = inPlace(before);
    run(step, inPlace);
    assertSame(apart.outputs(), inPlace.outputs());
  }

  @Test
  void nothingChangesWhereTheStepIsNotApplied() {
    for (OptimizerStep step :
        List.of(
            new SgdStep(MOMENTUM, false, SEGMENTS),
            new AdamStep(0.9, 0.999, 1e-8, false, SEGMENTS))) {
      List<Region> before = operands(step, 0);
      Operands apart = apart(before);
      run(step, apart);
      Operands inPlace = inPlace(before);
      assertSame(inPlace.outputs(), apart.outputs());
      run(step, inPlace);
      assertSame(inPlace.outputs(), apart.outputs());
      assertEquals(7, LoopWorkbench.view(before.get(2)).value());
    }
  }

  private static void assertSame(List<Region> expected, List<Region> actual) {
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(
          LoopWorkbench.view(expected.get(i)).toRowMajor(),
          LoopWorkbench.view(actual.get(i)).toRowMajor(),
          "output " + i);
    }
  }

  private void run(OptimizerStep step, Operands operands) {
    List<TensorType> types = operands.inputs().stream().map(Region::type).toList();
    Kernel kernel =
        switch (step) {
          case SgdStep sgd -> bench.kernels().sgd(sgd, types).orElseThrow();
          case AdamStep adam -> bench.kernels().adam(adam, types).orElseThrow();
          case OptimizerStep other -> throw new AssertionError(other);
        };
    bench.run(kernel, operands.inputs(), operands.outputs());
  }

  /** Returns inputs in arenas, one for the parameters, one for the gradients, one for each slot. */
  private List<Region> operands(OptimizerStep step, int apply) {
    List<Region> inputs = new ArrayList<>();
    inputs.add(bench.scalar(DType.FLOAT32, RATE));
    inputs.add(bench.scalar(DType.INT32, apply));
    inputs.add(bench.scalar(DType.INT64, 7));
    inputs.add(bench.scalar(DType.FLOAT32, SCALE));
    for (int group = 0; group < 2 + step.slots().size(); group++) {
      LoopWorkbench.Block block = bench.arena(1 << 20);
      long offset = 0;
      for (int k = 0; k < COUNTS.length; k++) {
        Region region = block.region(offset, TensorType.of(DType.FLOAT32, COUNTS[k]));
        LoopWorkbench.fillWaves(region, 0.5, group * 100 + k);
        inputs.add(region);
        offset += Math.ceilDiv(region.bytes(), 64L) * 64;
      }
    }
    return inputs;
  }

  /** Each output over what it replaces. */
  private static Operands inPlace(List<Region> inputs) {
    List<Region> outputs = new ArrayList<>(replaced(inputs));
    return new Operands(inputs, outputs, inputs.getFirst());
  }

  /** Each output in memory of its own. */
  private Operands apart(List<Region> inputs) {
    List<Region> outputs =
        replaced(inputs).stream().map(region -> bench.region(region.type())).toList();
    return new Operands(inputs, outputs, inputs.getFirst());
  }

  /** Returns parameters, slots and the count. */
  private static List<Region> replaced(List<Region> inputs) {
    int parameters = OptimizerStep.HEAD + COUNTS.length;
    List<Region> replaced = new ArrayList<>(inputs.subList(OptimizerStep.HEAD, parameters));
    replaced.addAll(inputs.subList(parameters + COUNTS.length, inputs.size()));
    replaced.add(inputs.get(2));
    return replaced;
  }
}
