package io.ventral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/** The levers of the simulation of CUDA, which the build makes where there is a C++ compiler. */
final class Simulation {
  private static final Path DRIVER =
      Path.of(System.getProperty("ventral.cuda.libraries"), "libcuda.so.1");

  private Simulation() {}

  /** Skips the calling test where the simulation was not built. */
  static void require() {
    assumeTrue(Files.exists(DRIVER), "the simulation of CUDA is not built: no g++");
  }

  /** Makes the simulated machine anew, such as {@code devices=1 memory=64}. */
  static void restart(String settings) {
    assertEquals(0, call("ventral_sim_restart", settings), settings);
  }

  /** Has the nth call of a function from now on fail: {@code function:nth:code,…}. */
  static void fail(String faults) {
    assertEquals(0, call("ventral_sim_faults", faults), faults);
  }

  /** Returns how often a function was called since the last restart. */
  static int calls(String function) {
    return call("ventral_sim_calls", function);
  }

  @SuppressWarnings("restricted")
  private static int call(String function, String text) {
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle handle =
          Linker.nativeLinker()
              .downcallHandle(
                  SymbolLookup.libraryLookup(DRIVER, arena).findOrThrow(function),
                  FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
      return (int) handle.invokeExact(arena.allocateFrom(text));
    } catch (Throwable e) {
      throw new AssertionError(function, e);
    }
  }
}
