package io.ventral.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ventral.backend.Device;
import io.ventral.tensor.HostTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A step that is not finite leaves everything as it was, and so does what is launched behind it.
 */
class SoundStepsTest {
  private static final Optimizer SGD = new Optimizer.Sgd(0.9, false, 1e-4);

  @ParameterizedTest
  @MethodSource("io.ventral.testing.EveryDevice#kinds")
  void nothingIsAppliedBehindAStepThatIsNotFinite(Supplier<List<Device>> kind) {
    try (ResidualTraining training = new ResidualTraining(kind.get(), SGD, 1, 8)) {
      double first = training.images().get(0);
      Map<String, double[]> initial = states(training);
      assertEquals(1, training.step(0).scalar(Names.FINITE));
      Map<String, double[]> before = states(training);
      assertFalse(Arrays.equals(initial.get("conv1.weight"), before.get("conv1.weight")));
      training.images().set(0, Double.NaN);
      assertEquals(0, training.step(1).scalar(Names.FINITE));
      assertStates(before, states(training));
      training.images().set(0, first);
      assertEquals(0, training.step(2).scalar(Names.FINITE));
      assertStates(before, states(training));
      Initialization.trust(training.session());
      assertEquals(1, training.step(2).scalar(Names.FINITE));
    }
  }

  private static Map<String, double[]> states(ResidualTraining training) {
    Map<String, double[]> states = new LinkedHashMap<>();
    for (String name : training.session().states().keySet()) {
      try (HostTensor tensor = training.session().read(name)) {
        states.put(name, tensor.toRowMajor());
      }
    }
    states.remove(Names.SOUND);
    return states;
  }

  private static void assertStates(Map<String, double[]> expected, Map<String, double[]> found) {
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach((name, values) -> assertArrayEquals(values, found.get(name), name));
  }
}
