package io.ventral.run;

import io.ventral.backend.Device;
import io.ventral.backend.NativeLibrary;
import io.ventral.backend.cuda.AlgorithmStore;
import io.ventral.backend.cuda.CudaDevice;
import io.ventral.backend.cuda.CudaLibraries;
import io.ventral.backend.cuda.CudaReport;
import io.ventral.backend.cuda.LibrarySearch;
import io.ventral.backend.onednn.OneDnnDevice;
import io.ventral.backend.reference.ReferenceDevice;
import io.ventral.error.EngineException;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import io.ventral.place.Mesh;
import io.ventral.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Opens devices by name: the one switch from kind to backend. */
public final class Devices {
  /** Compute capability 8.0, Ampere. */
  private static final int BFLOAT16_CAPABILITY = 80;

  private Devices() {}

  /**
   * Returns the devices of {@code mesh}, opened, in order.
   *
   * <p>Several {@code cpu} share the threads out, and have one each at least.
   *
   * @throws EngineException USER for a list that names a GPU twice; DEVICE if a device is not there
   */
  public static List<Device> open(Mesh mesh, DeviceOptions options) {
    if (mesh.kind() == DeviceKind.CUDA
        && mesh.devices().stream().distinct().count() < mesh.size()) {
      throw EngineException.user(
          "devices %s: a GPU stands in the list twice, and would gain nothing; name each once"
              .formatted(mesh));
    }
    List<Device> devices = new ArrayList<>();
    AlgorithmStore algorithms = new AlgorithmStore(options.cuda().algorithms());
    try {
      for (DeviceId id : mesh.devices()) {
        int threads = threads(mesh, devices.size(), options.threads());
        devices.add(open(id, new DeviceOptions(threads, options.cuda()), algorithms));
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

  private static Device open(DeviceId id, DeviceOptions options, AlgorithmStore algorithms) {
    Path own = NativeLibrary.folder();
    return switch (id.kind()) {
      case REFERENCE -> new ReferenceDevice(id, options.threads());
      case CPU -> new OneDnnDevice(id, options.threads(), own);
      case CUDA ->
          new CudaDevice(
              id,
              CudaLibraries.load(LibrarySearch.ofMachine(own), own),
              options.cuda(),
              algorithms);
    };
  }

  /**
   * Returns the format of 16 bits that suits all devices of {@code mesh} best: BFLOAT16, which has
   * the range of FLOAT32, unless one is a GPU from before it.
   *
   * @throws EngineException DEVICE if a GPU is not there
   */
  public static DType narrow(Mesh mesh) {
    return switch (mesh.kind()) {
      case REFERENCE, CPU -> DType.BFLOAT16;
      case CUDA ->
          mesh.devices().stream().allMatch(Devices::hasBfloat16) ? DType.BFLOAT16 : DType.FLOAT16;
    };
  }

  private static boolean hasBfloat16(DeviceId gpu) {
    Path own = NativeLibrary.folder();
    return CudaReport.capability(gpu, LibrarySearch.ofMachine(own), own) >= BFLOAT16_CAPABILITY;
  }

  /** Returns the number format in which devices of this kind compute unless told otherwise. */
  public static DType defaultDType(DeviceKind kind) {
    return switch (kind) {
      case REFERENCE -> DType.FLOAT64;
      case CPU, CUDA -> DType.FLOAT32;
    };
  }
}
