package io.ventral.run;

import io.ventral.backend.Intake;
import io.ventral.error.EngineException;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;

/**
 * An input on its way to a device.
 *
 * @param number its number among the inputs of that device
 * @param sharded whether the device gets some rows of the fed tensor alone, from memory index
 *     {@code first} on
 */
record Upload(
    String input, Intake intake, int number, TensorType type, boolean sharded, long first) {
  void from(Feeds feeds) {
    HostTensor tensor = feeds.get(input);
    if (!fits(tensor.type().shape())) {
      throw EngineException.internal(
          "input %s is fed %s, expected %s".formatted(input, tensor.type(), type));
    }
    intake.put(number, tensor, first);
  }

  private boolean fits(Shape fed) {
    Shape expected = type.shape();
    boolean fits = fed.rank() == expected.rank();
    for (int axis = sharded ? 1 : 0; fits && axis < fed.rank(); axis++) {
      fits = fed.extent(axis) == expected.extent(axis);
    }
    return fits;
  }
}
