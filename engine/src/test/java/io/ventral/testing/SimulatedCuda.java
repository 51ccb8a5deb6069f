package io.ventral.testing;

import io.ventral.backend.NativeLibrary;
import io.ventral.backend.cuda.AlgorithmStore;
import io.ventral.backend.cuda.CudaDevice;
import io.ventral.backend.cuda.CudaLibraries;
import io.ventral.backend.cuda.CudaOptions;
import io.ventral.backend.cuda.LibrarySearch;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The CUDA backend on the project's simulation of CUDA, which the build makes where there is a C++
 * compiler. The simulation is a test double: it says nothing about GPUs.
 */
public final class SimulatedCuda {
  /** Little scratch, for the simulated GPU is small. */
  private static final long WORKSPACE_BYTES = 4L << 20;

  private SimulatedCuda() {}

  /** Returns the folder of the simulated libraries. */
  public static Path folder() {
    return Path.of(System.getProperty("ventral.cuda.libraries", "no simulation"));
  }

  /** Returns whether the simulation was built; tests that need it are skipped otherwise. */
  public static boolean isBuilt() {
    return Files.exists(folder().resolve("libcuda.so.1"));
  }

  /** Returns options that fit the simulation. */
  public static CudaOptions options() {
    return new CudaOptions(false, false, true, WORKSPACE_BYTES, Optional.empty());
  }

  /** Returns simulated GPU {@code index}, opened. */
  public static CudaDevice open(int index, CudaOptions options) {
    Path own = NativeLibrary.folder();
    CudaLibraries libraries = CudaLibraries.load(new LibrarySearch(List.of(folder())), own);
    return new CudaDevice(
        new DeviceId(DeviceKind.CUDA, index),
        libraries,
        options,
        new AlgorithmStore(options.algorithms()));
  }
}
