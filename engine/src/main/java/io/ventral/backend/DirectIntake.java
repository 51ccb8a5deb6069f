package io.ventral.backend;

import io.ventral.tensor.HostTensor;
import java.util.List;

/** Inputs that are uploaded at once, to a device on which launching is computing. */
record DirectIntake(Device device, List<Region> inputs) implements Intake {
  @Override
  public void put(int input, HostTensor source, long first) {
    device.upload(source, first, inputs.get(input));
  }

  @Override
  public void send() {}

  @Override
  public List<Launch> arrival() {
    return List.of();
  }
}
