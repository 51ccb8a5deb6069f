package io.ventral.backend.onednn.library;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Memory for which the kernel is asked for pages of 2 MiB: whoever streams weights from memory
 * otherwise waits for the translation of an address every 4 KiB.
 */
@SuppressWarnings("restricted")
public final class LargePages {
  /** Bytes from which it is worth while. */
  public static final long WORTH = 4L << 20;

  private static final long PAGE = 2L << 20;
  private static final int READ_AND_WRITE = 1 | 2;
  private static final int PRIVATE_ANONYMOUS = 0x02 | 0x20;
  private static final int NO_FILE = -1;
  private static final long FAILED = -1;
  private static final int ADVICE_LARGE_PAGES = 14;

  private final MethodHandle map =
      function("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
  private final MethodHandle unmap = function("munmap", JAVA_INT, ADDRESS, JAVA_LONG);
  private final MethodHandle advise = function("madvise", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

  private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... types) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, types));
  }

  /**
   * Returns {@code bytes} zeros that begin at a large page, freed with {@code arena}; empty if the
   * system gives no more memory.
   */
  public Optional<MemorySegment> allocate(long bytes, Arena arena) {
    long length = Math.ceilDiv(bytes, PAGE) * PAGE + PAGE;
    try {
      MemorySegment mapped =
          (MemorySegment)
              map.invokeExact(
                  MemorySegment.NULL, length, READ_AND_WRITE, PRIVATE_ANONYMOUS, NO_FILE, 0L);
      if (mapped.address() == FAILED) {
        return Optional.empty();
      }
      long skipped = Math.ceilDiv(mapped.address(), PAGE) * PAGE - mapped.address();
      MemorySegment whole = mapped.reinterpret(length, arena, all -> free(all, length));
      // Only advice: a system that does not take it works with small pages, and the same numbers.
      int ignored =
          (int) advise.invokeExact(whole.asSlice(skipped), length - skipped, ADVICE_LARGE_PAGES);
      // Taken now, so that what is asked for next is looked for in what is left.
      return Optional.of(whole.asSlice(skipped, bytes).fill((byte) 0));
    } catch (Throwable e) {
      throw new EngineException(ErrorKind.INTERNAL, "mmap: " + e, e);
    }
  }

  private void free(MemorySegment mapped, long length) {
    try {
      int ignored = (int) unmap.invokeExact(mapped, length);
    } catch (Throwable e) {
      throw new EngineException(ErrorKind.INTERNAL, "munmap: " + e, e);
    }
  }
}
