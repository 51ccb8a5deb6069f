package io.ventral.backend.onednn.update;

import io.ventral.backend.Memory;
import io.ventral.backend.Region;
import io.ventral.backend.onednn.library.NativeMemory;
import java.lang.foreign.MemorySegment;

/** Bytes of one block of memory: of a region, or of several that lie one behind the other. */
record Span(Memory memory, long offset, long bytes) {
  static Span of(Region region) {
    return new Span(region.memory(), region.offset(), region.bytes());
  }

  /** Returns whether {@code next} begins where this ends. */
  boolean meets(Span next) {
    return memory.equals(next.memory) && offset + bytes == next.offset;
  }

  /** Returns this and {@code next}, which it meets, as one. */
  Span with(Span next) {
    return new Span(memory, offset, bytes + next.bytes);
  }

  MemorySegment segment() {
    return ((NativeMemory) memory).segment().asSlice(offset, bytes);
  }
}
