package io.ventral.testing;

import io.ventral.backend.Device;
import io.ventral.place.Mesh;
import io.ventral.run.DeviceOptions;
import io.ventral.run.Devices;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** A device of each kind that there is here; that of CUDA is simulated. */
public final class EveryDevice {
  private EveryDevice() {}

  /** Returns what opens them, each alone in a list. */
  public static Stream<Named<Supplier<List<Device>>>> kinds() {
    Stream<Named<Supplier<List<Device>>>> processors =
        Stream.of("reference", "cpu")
            .map(kind -> Named.of(kind, () -> Devices.open(Mesh.parse(kind), DeviceOptions.of(2))));
    return SimulatedCuda.isBuilt()
        ? Stream.concat(processors, Stream.of(Named.of("simulated cuda", EveryDevice::simulated)))
        : processors;
  }

  private static List<Device> simulated() {
    return List.of(SimulatedCuda.open(0, SimulatedCuda.options()));
  }
}
