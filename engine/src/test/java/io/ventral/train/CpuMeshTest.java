package io.ventral.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.backend.Device;
import io.ventral.backend.onednn.OneDnnDevice;
import io.ventral.place.Mesh;
import io.ventral.run.DeviceOptions;
import io.ventral.run.Devices;
import io.ventral.tensor.HostTensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A batch split over two devices of the processor, each with a thread and a team of its own. */
class CpuMeshTest {
  private static final int STEPS = 4;
  private static final int CHANNELS = 16;

  /** Both normalise halves of the batch; what differs is the order in which gradients are added. */
  @Test
  void twoDevicesTrainAsOneDoes() {
    Optimizer sgd = new Optimizer.Sgd(0.9, false, 1e-4);
    try (ResidualTraining one = new ResidualTraining(open("cpu"), sgd, 2, CHANNELS);
        ResidualTraining two = new ResidualTraining(open("cpu:0,cpu:1"), sgd, 2, CHANNELS)) {
      for (int step = 0; step < STEPS; step++) {
        double loss = one.step(step).scalar(Names.LOSS);
        assertEquals(loss, two.step(step).scalar(Names.LOSS), 1e-5 * loss, "step " + step);
        if (step == 0) {
          // Later a rectifier may have turned on one side alone.
          one.session().states().keySet().forEach(state -> assertClose(state, one, two));
        }
      }
    }
  }

  private static void assertClose(String state, ResidualTraining one, ResidualTraining two) {
    try (HostTensor expected = one.session().read(state);
        HostTensor actual = two.session().read(state)) {
      double largest = 0;
      double difference = 0;
      for (long i = 0; i < expected.type().elements(); i++) {
        largest = Math.max(largest, Math.abs(expected.get(i)));
        difference = Math.max(difference, Math.abs(expected.get(i) - actual.get(i)));
      }
      assertTrue(difference <= 1e-4 * largest, state + " differs by " + difference);
    }
  }

  @Test
  void threadsAreSharedOut() {
    assertEquals(List.of("2", "1"), threads("cpu:0,cpu:1", 3));
    assertEquals(List.of("1", "1", "1"), threads("cpu:0,cpu:1,cpu:2", 2));
    assertEquals(List.of("3"), threads("cpu", 3));
  }

  private static List<String> threads(String mesh, int threads) {
    List<Device> devices = Devices.open(Mesh.parse(mesh), DeviceOptions.of(threads));
    try {
      return devices.stream()
          .map(device -> ((OneDnnDevice) device).description())
          .map(text -> text.replaceAll(".*, (\\d+) threads,.*", "$1"))
          .toList();
    } finally {
      devices.forEach(Device::close);
    }
  }

  private static List<Device> open(String mesh) {
    return Devices.open(Mesh.parse(mesh), DeviceOptions.of(2));
  }
}
