package io.ventral.backend;

import io.ventral.tensor.HostTensor;

/** A value that is downloaded at once, from a device on which launching is computing. */
record DirectReadout(Device device, Region source, HostTensor target, long first)
    implements Readout {
  @Override
  public void begin() {
    device.download(source, target, first);
  }

  @Override
  public void finish() {}
}
