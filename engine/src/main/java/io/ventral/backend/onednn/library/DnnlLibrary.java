package io.ventral.backend.onednn.library;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * oneDNN and the OpenMP runtime behind it: the only class that calls them. Functions are called by
 * name; every status is checked and an error names the call and its arguments. Used from one
 * thread.
 */
@SuppressWarnings("restricted")
public final class DnnlLibrary {
  static final int UNIMPLEMENTED = 3;
  private static final int SUCCESS = 0;
  private static final int OUT_OF_MEMORY = 1;

  /** Turns of the loop in which a thread of the team waits awake; see docs/performance.md. */
  private static final String SPIN_COUNT = "200000";

  private final Linker linker = Linker.nativeLinker();
  private final Arena arena;
  private final SymbolLookup dnnl;
  private final SymbolLookup openMp;
  private final MethodHandle threadNumber;
  private final MethodHandle parallel;
  private final MethodHandle execute;
  private final Map<String, MethodHandle> handles = new HashMap<>();

  /**
   * Loads the libraries.
   *
   * @param folder where {@code libdnnl.so.3} and {@code libgomp.so.1} lie
   * @param arena lives as long as the library is used
   * @throws EngineException DEVICE if one is missing or cannot be loaded
   */
  public DnnlLibrary(Path folder, Arena arena) {
    this.arena = arena;
    setEnvironment("GOMP_SPINCOUNT", SPIN_COUNT);
    openMp = load(folder.resolve(NativeLibraries.OPENMP.name()));
    dnnl = load(folder.resolve(NativeLibraries.ONEDNN.name()));
    threadNumber =
        linker.downcallHandle(
            openMp.findOrThrow("omp_get_thread_num"), FunctionDescriptor.of(JAVA_INT));
    parallel =
        linker.downcallHandle(
            openMp.findOrThrow("GOMP_parallel"),
            FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT));
    execute =
        linker.downcallHandle(
            dnnl.findOrThrow("dnnl_primitive_execute"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS));
  }

  private SymbolLookup load(Path file) {
    try {
      // Loaded for good: oneDNN finds the OpenMP runtime by its name among what is loaded.
      System.load(file.toAbsolutePath().toString());
      return SymbolLookup.libraryLookup(file, arena);
    } catch (UnsatisfiedLinkError | IllegalArgumentException e) {
      throw new EngineException(
          ErrorKind.DEVICE, "cpu: " + file + " cannot be loaded: " + e.getMessage(), e);
    }
  }

  /** The C library reads its own environment, which Java's does not change. */
  private void setEnvironment(String name, String value) {
    MethodHandle setenv =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setenv"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
    try {
      int ignored =
          (int) setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0);
    } catch (Throwable e) {
      throw unexpected("setenv", e);
    }
  }

  /**
   * Calls a function that returns a status.
   *
   * @throws EngineException DEVICE if the status is not success; UNSUPPORTED if the library has no
   *     implementation
   */
  public void call(String function, Object... arguments) {
    int status = status(function, arguments);
    if (status != SUCCESS) {
      throw failure(function, status, arguments);
    }
  }

  /** Calls a function like {@link #call} and returns whether its status was not {@code refusal}. */
  boolean callUnless(int refusal, String function, Object... arguments) {
    int status = status(function, arguments);
    if (status != SUCCESS && status != refusal) {
      throw failure(function, status, arguments);
    }
    return status == SUCCESS;
  }

  /** Returns the status of a function that returns one. */
  int status(String function, Object... arguments) {
    return (int) invoke(dnnl, function, JAVA_INT, arguments);
  }

  /** Returns what a function of oneDNN gives that returns a pointer. */
  MemorySegment pointer(String function, Object... arguments) {
    return (MemorySegment) invoke(dnnl, function, ADDRESS, arguments);
  }

  /** Returns what a function of oneDNN gives that returns a size. */
  public long size(String function, Object... arguments) {
    return (long) invoke(dnnl, function, JAVA_LONG, arguments);
  }

  /** Returns the number of the calling thread in its team, from 0. */
  int threadNumber() {
    try {
      return (int) threadNumber.invokeExact();
    } catch (Throwable e) {
      throw unexpected("omp_get_thread_num", e);
    }
  }

  /** Returns the version of oneDNN, such as {@code 3.11.0}. */
  public String version() {
    MemorySegment version = pointer("dnnl_version").reinterpret(3 * JAVA_INT.byteSize());
    return "%d.%d.%d"
        .formatted(
            version.getAtIndex(JAVA_INT, 0),
            version.getAtIndex(JAVA_INT, 1),
            version.getAtIndex(JAVA_INT, 2));
  }

  /** Returns the instruction set that oneDNN uses on this processor. */
  public InstructionSet instructionSet() {
    return InstructionSet.of(status("dnnl_get_effective_cpu_isa"));
  }

  /** Sets the size of the team of the calling thread. */
  void setThreads(int threads) {
    invokeVoid("omp_set_num_threads", threads);
  }

  /** Runs {@code body(data)} on every thread of the team, the caller among them. */
  void parallel(MemorySegment body, int threads) {
    try {
      parallel.invokeExact(body, MemorySegment.NULL, threads, 0);
    } catch (Throwable e) {
      throw unexpected("GOMP_parallel", e);
    }
  }

  /** Executes a primitive; {@code name} is what an error calls it. */
  public void execute(
      MemorySegment primitive,
      MemorySegment stream,
      int count,
      MemorySegment arguments,
      String name) {
    int status;
    try {
      status = (int) execute.invokeExact(primitive, stream, count, arguments);
    } catch (Throwable e) {
      throw unexpected("dnnl_primitive_execute", e);
    }
    if (status != SUCCESS) {
      throw failure("dnnl_primitive_execute", status, name);
    }
  }

  private void invokeVoid(String function, Object... arguments) {
    MethodHandle handle =
        handles.computeIfAbsent(
            function,
            name ->
                linker.downcallHandle(
                    openMp.findOrThrow(name), FunctionDescriptor.ofVoid(layouts(arguments))));
    try {
      handle.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw unexpected(function, e);
    }
  }

  private Object invoke(
      SymbolLookup library, String function, MemoryLayout result, Object... arguments) {
    MethodHandle handle =
        handles.computeIfAbsent(
            function,
            name ->
                linker.downcallHandle(
                    library.findOrThrow(name), FunctionDescriptor.of(result, layouts(arguments))));
    try {
      return handle.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw unexpected(function, e);
    }
  }

  private static MemoryLayout[] layouts(Object... arguments) {
    return Arrays.stream(arguments)
        .map(
            argument ->
                switch (argument) {
                  case Integer i -> JAVA_INT;
                  case Long l -> JAVA_LONG;
                  case Float f -> JAVA_FLOAT;
                  case MemorySegment segment -> ADDRESS;
                  case Object other -> throw EngineException.internal("argument " + other);
                })
        .toArray(MemoryLayout[]::new);
  }

  private static EngineException failure(String function, int status, Object... arguments) {
    String text =
        "oneDNN: %s(%s) gave status %d (%s)"
            .formatted(function, text(arguments), status, text(status));
    return switch (status) {
      case OUT_OF_MEMORY -> EngineException.resource(text);
      case UNIMPLEMENTED -> EngineException.unsupported(text);
      default -> EngineException.device(text);
    };
  }

  /** Addresses tell nobody anything. */
  private static String text(Object... arguments) {
    return Arrays.stream(arguments)
        .map(argument -> argument instanceof MemorySegment ? "…" : argument.toString())
        .collect(Collectors.joining(", "));
  }

  private static String text(int status) {
    return switch (status) {
      case 1 -> "out of memory";
      case 2 -> "invalid arguments";
      case 3 -> "unimplemented";
      case 5 -> "runtime error";
      default -> "unknown";
    };
  }

  private static EngineException unexpected(String function, Throwable cause) {
    return new EngineException(ErrorKind.INTERNAL, function + ": " + cause, cause);
  }
}
