package io.ventral.backend.cuda;

import io.ventral.backend.Memory;
import io.ventral.backend.Region;
import io.ventral.error.EngineException;

/** A block of a GPU's memory. */
record CudaMemory(OpenGpu gpu, long address, long bytes) implements Memory {
  /** Returns the address of a region of such memory. */
  static long address(Region region) {
    return of(region).address() + region.offset();
  }

  /** Returns the memory of a region. */
  static CudaMemory of(Region region) {
    return switch (region.memory()) {
      case CudaMemory memory -> memory;
      default -> throw EngineException.internal("memory of another kind of device: " + region);
    };
  }
}
