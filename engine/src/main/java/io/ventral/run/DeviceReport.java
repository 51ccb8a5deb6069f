package io.ventral.run;

import io.ventral.backend.NativeLibrary;
import io.ventral.backend.onednn.OneDnnDevice;
import io.ventral.error.EngineException;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;

/**
 * Whether devices of a kind can be used on this machine.
 *
 * @param details what they are, or exactly why they cannot be used
 */
public record DeviceReport(DeviceKind kind, boolean usable, String details) {
  /** Returns the report on {@code kind}; devices that run on the processor use {@code threads}. */
  public static DeviceReport of(DeviceKind kind, int threads) {
    return switch (kind) {
      case CPU -> cpu(threads);
      case REFERENCE ->
          new DeviceReport(
              kind,
              true,
              "plain loops in float64 that define every number, %d threads, %,d MiB of Java heap"
                  .formatted(threads, Runtime.getRuntime().maxMemory() >> 20));
      case CUDA -> new DeviceReport(kind, false, "this version has no CUDA backend");
    };
  }

  private static DeviceReport cpu(int threads) {
    DeviceId id = new DeviceId(DeviceKind.CPU, 0);
    try (OneDnnDevice device = new OneDnnDevice(id, threads, NativeLibrary.folder())) {
      return new DeviceReport(DeviceKind.CPU, true, device.description());
    } catch (EngineException e) {
      return new DeviceReport(DeviceKind.CPU, false, e.getMessage());
    }
  }
}
