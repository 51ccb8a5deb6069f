package io.ventral.run;

import io.ventral.backend.NativeLibrary;
import io.ventral.backend.cuda.CudaReport;
import io.ventral.backend.cuda.LibrarySearch;
import io.ventral.backend.onednn.OneDnnDevice;
import io.ventral.error.EngineException;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import java.nio.file.Path;
import java.util.List;

/**
 * Whether devices of a kind can be used on this machine.
 *
 * @param simulated whether they are a test double, which is never taken unasked
 * @param details lines that say what they are, or exactly why they cannot be used
 */
public record DeviceReport(
    DeviceKind kind, boolean usable, boolean simulated, List<String> details) {
  public DeviceReport {
    details = List.copyOf(details);
  }

  /** Returns the report on {@code kind}; devices that run on the processor use {@code threads}. */
  public static DeviceReport of(DeviceKind kind, int threads) {
    return switch (kind) {
      case CPU -> cpu(threads);
      case REFERENCE -> reference(threads);
      case CUDA -> cuda();
    };
  }

  private static DeviceReport reference(int threads) {
    return real(
        DeviceKind.REFERENCE,
        true,
        "plain loops in float64 that define every number, %d threads, %,d MiB of Java heap"
            .formatted(threads, Runtime.getRuntime().maxMemory() >> 20));
  }

  private static DeviceReport cpu(int threads) {
    DeviceId id = new DeviceId(DeviceKind.CPU, 0);
    try (OneDnnDevice device = new OneDnnDevice(id, threads, NativeLibrary.folder())) {
      return real(DeviceKind.CPU, true, device.description());
    } catch (EngineException e) {
      return real(DeviceKind.CPU, false, e.getMessage());
    }
  }

  private static DeviceReport real(DeviceKind kind, boolean usable, String details) {
    return new DeviceReport(kind, usable, false, List.of(details));
  }

  private static DeviceReport cuda() {
    Path own = NativeLibrary.folder();
    CudaReport report = CudaReport.of(LibrarySearch.ofMachine(own), own);
    return new DeviceReport(DeviceKind.CUDA, report.usable(), report.simulated(), report.lines());
  }
}
