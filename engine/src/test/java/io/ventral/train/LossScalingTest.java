package io.ventral.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ventral.backend.Device;
import io.ventral.op.LossScaleStep;
import io.ventral.place.Mesh;
import io.ventral.run.DeviceOptions;
import io.ventral.run.Devices;
import io.ventral.run.Fetches;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Precision;
import io.ventral.testing.SimulatedCuda;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LossScalingTest {
  private static final int CHANNELS = 8;
  private static final int INTERVAL = 2;
  private static final int STEPS = 12;
  private static final double MOST = 0x1p24;
  private static final Optimizer SGD = new Optimizer.Sgd(0.9, false, 1e-4);
  private static final Optimizer ADAM = new Optimizer.Adam(0.9, 0.999, 1e-8, true, 1e-4);
  private static final Optional<LossScaling> SCALING =
      Optional.of(new LossScaling(new LossScaleStep(2, 0.5, INTERVAL, 1, MOST)));

  /** Powers of two commute with every rounding, so not a bit differs where nothing overflows. */
  @Test
  void inDoubleTheScaleLeavesNoTrace() {
    Precision exact = Precision.uniform(DType.FLOAT64);
    for (Optimizer optimizer : List.of(SGD, ADAM)) {
      try (ResidualTraining plain = training("reference", exact, optimizer, Optional.empty());
          ResidualTraining scaled = training("reference", exact, optimizer, SCALING)) {
        for (int step = 0; step < 3; step++) {
          double loss = plain.step(step).scalar(Names.LOSS);
          assertEquals(loss, scaled.step(step).scalar(Names.LOSS));
        }
        Map<String, double[]> found = states(scaled);
        states(plain).forEach((name, values) -> assertArrayEquals(values, found.get(name), name));
        assertEquals(2 * LossScaling.INITIAL, found.get(Names.LOSS_SCALE)[0]);
      }
    }
  }

  /** From far above: steps are skipped, the scale halved, until one goes well; then it grows. */
  @ParameterizedTest
  @CsvSource({"reference, 1", "'reference:0,reference:1', 2", "cuda, 1", "'cuda:0,cuda:1', 2"})
  void whatOverflowsIsSkippedAndScaledLess(String mesh, int groups) {
    int skipped = 0;
    int grown = 0;
    try (ResidualTraining training = halfPrecision(mesh, groups)) {
      write(training, Names.LOSS_SCALE, MOST);
      double scale = MOST;
      int good = 0;
      for (int step = 0; step < STEPS; step++) {
        Map<String, double[]> before = states(training);
        Fetches fetches = training.step(step);
        assertEquals(scale, fetches.scalar(Names.LOSS_SCALE), "scale of step " + step);
        assertTrue(Double.isFinite(fetches.scalar(Names.LOSS)));
        Map<String, double[]> after = states(training);
        if (fetches.scalar(Names.FINITE) == 0) {
          assertTrue(LossScaling.skipped(fetches));
          assertUntouched(before, after);
          skipped++;
          good = 0;
          scale /= 2;
        } else if (++good == INTERVAL) {
          grown++;
          good = 0;
          scale = Math.min(2 * scale, MOST);
        }
        assertEquals(scale, after.get(Names.LOSS_SCALE)[0]);
        assertEquals(good, after.get(Names.GOOD_STEPS)[0]);
        assertEquals(skipped, after.get(Names.SKIPPED_STEPS)[0]);
        assertEquals(step + 1 - skipped, after.get(Names.APPLIED_STEPS)[0]);
      }
      assertEquals(
          Optional.of(new LossScaling.Report(scale, skipped)),
          LossScaling.report(training.session()));
    }
    assertTrue(skipped > 1, "steps were skipped: " + skipped);
    assertTrue(grown > 0, "the scale grew again");
  }

  private static void assertUntouched(Map<String, double[]> before, Map<String, double[]> after) {
    before.forEach(
        (name, values) -> {
          if (!LossScaling.isState(name)) {
            assertArrayEquals(values, after.get(name), name);
          }
        });
  }

  /** The same losses, skips and scales: devices of a mesh decide as one. */
  @Test
  void aMeshDecidesAsOneDeviceDoes() {
    try (ResidualTraining one = halfPrecision("reference", 2);
        ResidualTraining two = halfPrecision("reference:0,reference:1", 2)) {
      write(one, Names.LOSS_SCALE, MOST);
      write(two, Names.LOSS_SCALE, MOST);
      for (int step = 0; step < STEPS; step++) {
        Fetches expected = one.step(step);
        Fetches found = two.step(step);
        assertEquals(expected.scalar(Names.FINITE), found.scalar(Names.FINITE), "step " + step);
        assertEquals(expected.scalar(Names.LOSS_SCALE), found.scalar(Names.LOSS_SCALE));
        double loss = expected.scalar(Names.LOSS);
        assertEquals(loss, found.scalar(Names.LOSS), DType.FLOAT16.epsilon() * loss);
      }
    }
  }

  /** What is in the states is all that a run needs to go on, in the midst of skipping too. */
  @ParameterizedTest
  @ValueSource(strings = {"reference", "cuda"})
  void aRunThatGoesOnElsewhereGivesTheSameBits(String device) {
    try (ResidualTraining straight = halfPrecision(device, 1);
        ResidualTraining resumed = halfPrecision(device, 1)) {
      write(straight, Names.LOSS_SCALE, MOST);
      for (int step = 0; step < STEPS; step++) {
        if (step == 3) {
          states(straight).forEach((name, values) -> write(resumed, name, values));
        }
        straight.step(step);
        if (step >= 3) {
          resumed.step(step);
        }
      }
      Map<String, double[]> found = states(resumed);
      states(straight).forEach((name, values) -> assertArrayEquals(values, found.get(name), name));
    }
  }

  /** Then there is no smaller scale to try; no later step is applied, and the scale stays. */
  @Test
  void whatOverflowsWithTheSmallestScaleIsTheEnd() {
    LossScaling stuck = new LossScaling(new LossScaleStep(2, 0.5, INTERVAL, MOST, MOST));
    try (ResidualTraining training =
        training("reference", Precision.mixed(DType.FLOAT16), SGD, Optional.of(stuck))) {
      write(training, Names.LOSS_SCALE, MOST);
      assertIsTheEnd(training);
      assertEquals(MOST, states(training).get(Names.LOSS_SCALE)[0]);
    }
  }

  @Test
  void aLossThatIsNotFiniteIsTheEnd() {
    try (ResidualTraining training = halfPrecision("reference", 1)) {
      write(training, "conv1.bias", Double.NaN);
      assertIsTheEnd(training);
    }
  }

  private static void assertIsTheEnd(ResidualTraining training) {
    for (int step = 0; step < 2; step++) {
      Fetches fetches = training.step(step);
      assertEquals(0, fetches.scalar(Names.FINITE));
      assertFalse(LossScaling.skipped(fetches));
    }
    Map<String, double[]> after = states(training);
    assertEquals(0, after.get(Names.SKIPPED_STEPS)[0]);
    assertEquals(0, after.get(Names.APPLIED_STEPS)[0]);
  }

  @Test
  void float16AloneIsScaled() {
    assertTrue(LossScaling.of(Precision.mixed(DType.FLOAT16)).isPresent());
    assertFalse(LossScaling.of(Precision.mixed(DType.BFLOAT16)).isPresent());
    assertFalse(LossScaling.of(Precision.uniform(DType.FLOAT32)).isPresent());
  }

  private static ResidualTraining halfPrecision(String mesh, int groups) {
    return training(mesh, Precision.mixed(DType.FLOAT16), SGD, SCALING, groups);
  }

  private static ResidualTraining training(
      String mesh, Precision precision, Optimizer optimizer, Optional<LossScaling> scaling) {
    return training(mesh, precision, optimizer, scaling, 1);
  }

  private static ResidualTraining training(
      String mesh,
      Precision precision,
      Optimizer optimizer,
      Optional<LossScaling> scaling,
      int groups) {
    return new ResidualTraining(
        open(mesh),
        precision,
        CHANNELS,
        new TrainingProgram.Options(
            ResidualTraining.lowering(precision.stored(), groups),
            optimizer,
            0.1,
            scaling,
            /* gradientOutputs= */ false));
  }

  private static List<Device> open(String mesh) {
    assumeTrue(
        !mesh.startsWith("cuda") || SimulatedCuda.isBuilt(),
        "the simulation of CUDA is not built: no g++");
    return Devices.open(Mesh.parse(mesh), new DeviceOptions(2, SimulatedCuda.options()));
  }

  private static Map<String, double[]> states(ResidualTraining training) {
    Map<String, double[]> states = new TreeMap<>();
    for (String name : new ArrayList<>(training.session().states().keySet())) {
      try (HostTensor tensor = training.session().read(name)) {
        states.put(name, tensor.toRowMajor());
      }
    }
    return states;
  }

  /** Sets a state to these numbers, or all of it to the one. */
  private static void write(ResidualTraining training, String name, double... values) {
    try (HostTensor tensor = training.session().read(name)) {
      tensor.setRowMajor(i -> values[values.length == 1 ? 0 : (int) i]);
      training.session().write(name, tensor);
    }
  }
}
