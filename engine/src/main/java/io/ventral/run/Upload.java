package io.ventral.run;

import io.ventral.backend.Device;
import io.ventral.backend.Region;
import io.ventral.error.EngineException;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Shape;

/**
 * An input on its way to a device.
 *
 * @param sharded whether the region holds some rows of the fed tensor alone, from memory index
 *     {@code first} on
 */
record Upload(String input, Device device, Region region, boolean sharded, long first) {
  void from(Feeds feeds) {
    HostTensor tensor = feeds.get(input);
    if (!fits(tensor.type().shape())) {
      throw EngineException.internal(
          "input %s is fed %s, expected %s".formatted(input, tensor.type(), region.type()));
    }
    device.upload(tensor, first, region);
  }

  private boolean fits(Shape fed) {
    Shape expected = region.type().shape();
    boolean fits = fed.rank() == expected.rank();
    for (int axis = sharded ? 1 : 0; fits && axis < fed.rank(); axis++) {
      fits = fed.extent(axis) == expected.extent(axis);
    }
    return fits;
  }
}
