package io.ventral.run;

import io.ventral.backend.Device;
import io.ventral.backend.Readout;
import io.ventral.backend.Region;
import io.ventral.tensor.HostTensor;

/** An output on its way to the host, to memory index {@code first} of {@code target} and on. */
record Download(Device device, Region region, HostTensor target, long first) {
  void fetch() {
    device.download(region, target, first);
  }

  Readout readout() {
    return device.readout(region, target, first);
  }
}
