package io.ventral.backend.cuda;

import io.ventral.error.EngineException;
import io.ventral.place.DeviceId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What this machine has for CUDA.
 *
 * @param usable whether there is a GPU that can be used
 * @param simulated whether it is the project's simulation, a test double
 * @param lines each library with version and path or what is wrong with it, each GPU
 */
public record CudaReport(boolean usable, boolean simulated, List<String> lines) {
  private static final String WHO = "cuda";

  public CudaReport {
    lines = List.copyOf(lines);
  }

  /**
   * Returns the report.
   *
   * @param own the engine's folder of libraries
   */
  public static CudaReport of(LibrarySearch search, Path own) {
    return new Survey(search, own).report();
  }

  /**
   * Returns the compute capability of a GPU, such as 75 for 7.5.
   *
   * @param own the engine's folder of libraries
   * @throws EngineException DEVICE if there is no such GPU
   */
  public static int capability(DeviceId id, LibrarySearch search, Path own) {
    CudaLibraries.prepare(own);
    CudaLibraries.load(CudaLibrary.DRIVER, search, own);
    Driver driver = new Driver(id.toString());
    if (id.index() >= driver.gpuCount()) {
      throw EngineException.device(id + ": the driver finds no such GPU");
    }
    return driver.computeCapability(driver.gpu(id.index()));
  }

  /** What was found on the way. */
  private static final class Survey {
    private final LibrarySearch search;
    private final Path own;
    private final List<String> lines = new ArrayList<>();
    private boolean complete = true;
    private boolean simulated;

    Survey(LibrarySearch search, Path own) {
      this.search = search;
      this.own = own;
    }

    CudaReport report() {
      try {
        CudaLibraries.prepare(own);
      } catch (EngineException e) {
        return new CudaReport(false, false, List.of(e.getMessage()));
      }
      for (CudaLibrary library : CudaLibrary.values()) {
        add(library);
      }
      return new CudaReport(complete && addGpus(), simulated, lines);
    }

    private void add(CudaLibrary library) {
      try {
        Path file = CudaLibraries.load(library, search, own);
        simulated |= library == CudaLibrary.DRIVER && CudaLibraries.isSimulated(file);
        lines.add(
            "%s%s %s, %s"
                .formatted(simulated ? "simulated " : "", library.word(), version(library), file));
      } catch (EngineException e) {
        complete = false;
        lines.add(library.word() + ": " + e.getMessage());
      }
    }

    private static String version(CudaLibrary library) {
      return switch (library) {
        case DRIVER -> "of CUDA " + OpenGpu.cudaVersion(new Driver(WHO).version());
        case BLAS -> new Blas(WHO).version();
        case DNN -> {
          long version = new Dnn(WHO).version();
          yield version / 10000 + "." + version / 100 % 100 + "." + version % 100;
        }
        case RAND -> new Rand(WHO).version();
      };
    }

    /** Returns whether one of the GPUs can be used. */
    private boolean addGpus() {
      try {
        Driver driver = new Driver(WHO);
        if (driver.version() < OpenGpu.OLDEST_DRIVER) {
          lines.add("the driver is too old: update it to one of CUDA 12.0 or newer");
          return false;
        }
        int count = driver.gpuCount();
        boolean any = false;
        for (int index = 0; index < count; index++) {
          any |= addGpu(driver, driver.gpu(index));
        }
        if (count == 0) {
          lines.add("the driver finds no GPU");
        }
        return any;
      } catch (EngineException e) {
        lines.add(e.getMessage());
        return false;
      }
    }

    private boolean addGpu(Driver driver, Driver.Gpu gpu) {
      int capability = driver.computeCapability(gpu);
      boolean enough = capability >= OpenGpu.OLDEST_CAPABILITY;
      lines.add(
          "%scuda:%d %s, %,d MiB, compute capability %s%s"
              .formatted(
                  simulated ? "simulated " : "",
                  gpu.index(),
                  driver.name(gpu),
                  driver.totalMemory(gpu) >> 20,
                  OpenGpu.capability(capability),
                  enough ? "" : ": too old, 7.5 (Turing) is needed"));
      return enough;
    }
  }
}
