package io.ventral.cli;

import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import io.ventral.place.Mesh;
import io.ventral.run.DeviceReport;
import java.util.Optional;

/**
 * The devices that a command computes on, not opened yet.
 *
 * @param simulated whether they are a test double
 */
record ChosenDevices(Mesh mesh, boolean simulated) {
  /**
   * Returns the devices that {@code spec} names, or the usual ones; says on stderr which were
   * chosen and why, and if they are a test double.
   *
   * @param threads of devices that run on the processor, for what is said of them
   */
  static ChosenDevices of(Optional<String> spec, int threads, Messages messages) {
    return spec.map(Mesh::parse)
        .map(mesh -> given(mesh, threads, messages))
        .orElseGet(() -> usual(threads, messages));
  }

  private static ChosenDevices given(Mesh mesh, int threads, Messages messages) {
    return mesh.kind() == DeviceKind.CUDA || messages.verbose()
        ? reported(mesh, DeviceReport.of(mesh.kind(), threads), messages)
        : new ChosenDevices(mesh, /* simulated= */ false);
  }

  private static ChosenDevices usual(int threads, Messages messages) {
    DeviceReport gpus = DeviceReport.of(DeviceKind.CUDA, threads);
    boolean useGpu = gpus.usable() && !gpus.simulated();
    Mesh mesh = Mesh.of(new DeviceId(useGpu ? DeviceKind.CUDA : DeviceKind.CPU, 0));
    messages.info(
        "device %s (the default: %s)"
            .formatted(
                mesh, useGpu ? gpus.details().getLast() : "no usable GPU, see ventral devices"));
    return useGpu ? reported(mesh, gpus, messages) : given(mesh, threads, messages);
  }

  private static ChosenDevices reported(Mesh mesh, DeviceReport report, Messages messages) {
    ChosenDevices devices = new ChosenDevices(mesh, report.simulated());
    if (report.simulated()) {
      messages.info(devices.label() + ": a test double, whose figures say nothing about any GPU");
    }
    report.details().forEach(line -> messages.detail("device " + mesh + ": " + line));
    return devices;
  }

  /** Returns the devices as they are shown beside results. */
  String label() {
    return label(mesh);
  }

  /** Returns some of them as they are shown beside results. */
  String label(Mesh part) {
    return (simulated ? "simulated " : "") + part;
  }
}
