package io.ventral.backend.onednn.library;

import io.ventral.backend.Memory;
import io.ventral.backend.Region;
import java.lang.foreign.MemorySegment;

/** Memory outside the Java heap. */
public record NativeMemory(MemorySegment segment) implements Memory {
  @Override
  public long bytes() {
    return segment.byteSize();
  }

  /** Returns the bytes of a region. */
  public static MemorySegment of(Region region) {
    return whole(region).asSlice(region.offset(), region.bytes());
  }

  /** Returns the block that a region is part of. */
  public static MemorySegment whole(Region region) {
    return ((NativeMemory) region.memory()).segment();
  }
}
