package io.ventral.backend.cuda;

import io.ventral.backend.Memory;
import io.ventral.backend.Region;
import io.ventral.error.EngineException;

/** A block of a GPU's memory. */
record CudaMemory(long address, long bytes) implements Memory {
  /** Returns the address of a region of such memory. */
  static long address(Region region) {
    return switch (region.memory()) {
      case CudaMemory memory -> memory.address() + region.offset();
      default -> throw EngineException.internal("memory of another device: " + region);
    };
  }
}
