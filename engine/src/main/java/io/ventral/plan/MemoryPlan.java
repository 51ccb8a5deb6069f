package io.ventral.plan;

import java.util.List;

/**
 * Where buffers lie in one arena.
 *
 * @param offsets first byte of each buffer, in the order of the intervals planned
 * @param bytes size of the arena
 */
public record MemoryPlan(List<Long> offsets, long bytes) {
  public MemoryPlan {
    offsets = List.copyOf(offsets);
  }
}
