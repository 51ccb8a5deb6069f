package io.ventral.run;

import io.ventral.backend.Device;
import io.ventral.backend.NativeLibrary;
import io.ventral.backend.cuda.CudaDevice;
import io.ventral.backend.cuda.CudaLibraries;
import io.ventral.backend.cuda.LibrarySearch;
import io.ventral.backend.onednn.OneDnnDevice;
import io.ventral.backend.reference.ReferenceDevice;
import io.ventral.error.EngineException;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import io.ventral.place.Mesh;
import io.ventral.tensor.DType;
import java.nio.file.Path;
import java.util.List;

/** Opens devices by name: the one switch from kind to backend. */
public final class Devices {
  private Devices() {}

  /**
   * Returns the devices of {@code mesh}, opened, in order.
   *
   * @throws EngineException UNSUPPORTED for a list of devices that this version cannot run
   *     together; DEVICE if a device is not there
   */
  public static List<Device> open(Mesh mesh, DeviceOptions options) {
    if (mesh.size() > 1 && mesh.kind() != DeviceKind.REFERENCE) {
      throw EngineException.unsupported(
          "devices " + mesh + ": only reference devices run as a list in this version");
    }
    return mesh.devices().stream().map(id -> open(id, options)).toList();
  }

  private static Device open(DeviceId id, DeviceOptions options) {
    Path own = NativeLibrary.folder();
    return switch (id.kind()) {
      case REFERENCE -> new ReferenceDevice(id, options.threads());
      case CPU -> new OneDnnDevice(id, options.threads(), own);
      case CUDA ->
          new CudaDevice(id, CudaLibraries.load(LibrarySearch.ofMachine(own), own), options.cuda());
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
