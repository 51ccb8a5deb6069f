package io.ventral.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ventral.backend.cuda.CudaOptions;
import io.ventral.place.Mesh;
import io.ventral.run.DeviceOptions;
import io.ventral.run.Devices;
import io.ventral.tensor.HostTensor;
import io.ventral.testing.SimulatedCuda;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A batch split over two GPUs, here of the simulation of CUDA, which refuses one GPU's pointers on
 * the other and does work so late that a missing wait between them shows.
 */
class CudaMeshTest {
  private static final int STEPS = 4;
  private static final int CHANNELS = 8;

  @BeforeAll
  static void needsTheSimulation() {
    assumeTrue(SimulatedCuda.isBuilt(), "the simulation of CUDA is not built: no g++");
  }

  /** Both normalise halves of the batch; what differs is the order in which gradients are added. */
  @Test
  void twoGpusTrainAsOneDoes() {
    try (ResidualTraining one = open("cuda", true);
        ResidualTraining two = open("cuda:1,cuda:0", true)) {
      for (int step = 0; step < STEPS; step++) {
        double loss = one.step(step).scalar(Names.LOSS);
        assertEquals(loss, two.step(step).scalar(Names.LOSS), 1e-5 * loss, "step " + step);
        if (step == 0) {
          // Later a rectifier may have turned on one side alone.
          states(one).forEach((name, expected) -> assertClose(name, expected, states(two)));
        }
      }
    }
  }

  private static void assertClose(String name, double[] expected, Map<String, double[]> found) {
    double largest = 0;
    for (double x : expected) {
      largest = Math.max(largest, Math.abs(x));
    }
    assertArrayEquals(expected, found.get(name), 1e-4 * largest, name);
  }

  /** Each GPU's part of the step is captured, and what goes from one to the other is not. */
  @Test
  void replayedStepsGiveTheBitsOfSingleLaunches() {
    try (ResidualTraining captured = open("cuda:0,cuda:1", true);
        ResidualTraining single = open("cuda:0,cuda:1", false)) {
      for (int step = 0; step < STEPS; step++) {
        double loss = single.step(step).scalar(Names.LOSS);
        assertEquals(loss, captured.step(step).scalar(Names.LOSS), "step " + step);
      }
      Map<String, double[]> found = states(captured);
      states(single).forEach((name, x) -> assertArrayEquals(x, found.get(name), name));
      assertTrue(found.size() > 1, "the states");
    }
  }

  private static Map<String, double[]> states(ResidualTraining training) {
    Map<String, double[]> states = new TreeMap<>();
    for (String name : training.session().states().keySet()) {
      try (HostTensor tensor = training.session().read(name)) {
        states.put(name, tensor.toRowMajor());
      }
    }
    return states;
  }

  private static ResidualTraining open(String mesh, boolean graphs) {
    CudaOptions usual = SimulatedCuda.options();
    CudaOptions cuda =
        new CudaOptions(false, false, graphs, usual.workspaceBytes(), Optional.empty());
    Optimizer sgd = new Optimizer.Sgd(0.9, false, 1e-4);
    DeviceOptions options = new DeviceOptions(1, cuda);
    return new ResidualTraining(Devices.open(Mesh.parse(mesh), options), sgd, 2, CHANNELS);
  }
}
