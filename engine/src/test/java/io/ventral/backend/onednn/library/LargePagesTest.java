package io.ventral.backend.onednn.library;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class LargePagesTest {
  private static final long BYTES = LargePages.WORTH + 12_345;

  private final LargePages pages = new LargePages();

  @Test
  void givesZerosThatBeginAtALargePage() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = pages.allocate(BYTES, arena).orElseThrow();
      assertEquals(BYTES, memory.byteSize());
      assertEquals(0, memory.address() % (2 << 20));
      assertEquals(-1, memory.mismatch(MemorySegment.ofArray(new byte[(int) BYTES])));
    }
  }

  @Test
  void isFreedWithItsArena() {
    MemorySegment memory;
    try (Arena arena = Arena.ofConfined()) {
      memory = pages.allocate(BYTES, arena).orElseThrow();
      memory.set(JAVA_BYTE, BYTES - 1, (byte) 7);
    }
    assertThrows(IllegalStateException.class, () -> memory.get(JAVA_BYTE, 0));
  }

  @Test
  void saysWhereThereIsNoMore() {
    try (Arena arena = Arena.ofConfined()) {
      assertTrue(pages.allocate(1L << 50, arena).isEmpty());
    }
  }
}
