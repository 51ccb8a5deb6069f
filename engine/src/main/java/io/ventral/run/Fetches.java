package io.ventral.run;

import io.ventral.error.EngineException;
import io.ventral.tensor.HostTensor;
import java.util.Map;

/** What a run gave, by output name; valid until the next run of the same executable. */
public final class Fetches {
  private final Map<String, HostTensor> tensors;

  Fetches(Map<String, HostTensor> tensors) {
    this.tensors = tensors;
  }

  public HostTensor get(String name) {
    HostTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw EngineException.internal("no output is called " + name);
    }
    return tensor;
  }

  /** Returns the value of a scalar output. */
  public double scalar(String name) {
    return get(name).value();
  }
}
