package io.ventral.run;

import io.ventral.error.EngineException;
import io.ventral.tensor.HostTensor;
import java.util.HashMap;
import java.util.Map;

/** What is fed to a run, by input name. */
public final class Feeds {
  private final Map<String, HostTensor> tensors = new HashMap<>();

  /** Feeds {@code tensor}, which stays the caller's, to the input called {@code name}. */
  public Feeds with(String name, HostTensor tensor) {
    tensors.put(name, tensor);
    return this;
  }

  HostTensor get(String name) {
    HostTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw EngineException.internal("input " + name + " is not fed");
    }
    return tensor;
  }
}
