package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.TensorType;
import java.util.List;

/**
 * The sum of values of one type, each on its own device, delivered to every device of {@code
 * devices}. Lowered to copies and additions in the order of the inputs where no library does it at
 * once.
 */
public record AllReduce(List<Integer> devices) implements Op {
  public AllReduce {
    devices = List.copyOf(devices);
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    if (inputs.isEmpty()) {
      throw EngineException.user("takes at least one input");
    }
    inputs.forEach(input -> Signature.same("each input", input, inputs.getFirst()));
    return devices.stream().map(device -> inputs.getFirst()).toList();
  }

  @Override
  public String label() {
    return "AllReduce to devices " + devices;
  }
}
