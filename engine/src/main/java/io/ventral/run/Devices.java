package io.ventral.run;

import io.ventral.backend.Device;
import io.ventral.backend.onednn.NativeLibraries;
import io.ventral.backend.onednn.OneDnnDevice;
import io.ventral.backend.reference.ReferenceDevice;
import io.ventral.error.EngineException;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import io.ventral.place.Mesh;
import io.ventral.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Opens devices by name: the one switch from kind to backend. */
public final class Devices {
  private Devices() {}

  /**
   * Returns the devices of {@code mesh}, opened, in order.
   *
   * @param threads compute threads of a device that runs on the processor; several {@code cpu}
   *     share them out, and have one each at least
   * @throws EngineException DEVICE if a device is not there
   */
  public static List<Device> open(Mesh mesh, int threads) {
    List<Device> devices = new ArrayList<>();
    try {
      for (DeviceId id : mesh.devices()) {
        devices.add(open(id, threads(mesh, devices.size(), threads)));
      }
      return List.copyOf(devices);
    } catch (EngineException e) {
      devices.forEach(Device::close);
      throw e;
    }
  }

  /** Teams of OpenMP wait awake: with more threads than cores they would take them from others. */
  private static int threads(Mesh mesh, int index, int threads) {
    return switch (mesh.kind()) {
      case CPU -> Math.max(1, (threads + mesh.size() - 1 - index) / mesh.size());
      case REFERENCE, CUDA -> threads;
    };
  }

  private static Device open(DeviceId id, int threads) {
    return switch (id.kind()) {
      case REFERENCE -> new ReferenceDevice(id, threads);
      case CPU -> new OneDnnDevice(id, threads, NativeLibraries.folder());
      case CUDA ->
          throw EngineException.device(
              id + ": this version has no CUDA backend; use --device cpu or --device reference");
    };
  }

  /** Returns the number format in which devices of this kind compute unless told otherwise. */
  public static DType defaultDType(DeviceKind kind) {
    return switch (kind) {
      case REFERENCE -> DType.FLOAT64;
      case CPU, CUDA -> DType.FLOAT32;
    };
  }
}
