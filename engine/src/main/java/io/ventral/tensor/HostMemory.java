package io.ventral.tensor;

import io.ventral.error.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * What the machine has left. Linux promises memory that it does not have and ends the process that
 * uses it, so a large block is asked for only after looking.
 */
public final class HostMemory {
  private static final Path MEMORY_INFO = Path.of("/proc/meminfo");

  /** Blocks below this many bytes are not worth looking. */
  private static final long LARGE = 64L << 20;

  private HostMemory() {}

  /**
   * Makes sure that {@code bytes} bytes can be had outside the Java heap.
   *
   * @param what the purpose, named in the error
   * @throws EngineException RESOURCE if the machine has less, with both figures
   */
  public static void require(String what, long bytes) {
    if (bytes < LARGE) {
      return;
    }
    OptionalLong available = available();
    if (available.isPresent() && bytes > available.getAsLong()) {
      throw EngineException.resource(
          "%,d MiB for %s, but the machine has %,d MiB left; use a smaller batch"
              .formatted(bytes >> 20, what, available.getAsLong() >> 20));
    }
  }

  /** Returns the bytes that can be used without swapping; empty where the system does not say. */
  private static OptionalLong available() {
    try {
      return Files.readAllLines(MEMORY_INFO).stream()
          .filter(line -> line.startsWith("MemAvailable:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
