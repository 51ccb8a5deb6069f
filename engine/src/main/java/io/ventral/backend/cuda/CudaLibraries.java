package io.ventral.backend.cuda;

import io.ventral.backend.NativeLibrary;
import io.ventral.error.EngineException;
import java.io.File;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * CUDA's libraries, loaded into this process together with JCuda's own. A library counts only if it
 * has every function that is called: one that is missing would end the process when it is called.
 *
 * @param simulated whether they are the project's simulation of CUDA, a test double
 */
public record CudaLibraries(boolean simulated) {
  private static final String PLATFORM = "-12.6.0-linux-x86_64.so";

  /** In org.jcuda:*-natives 12.6.0 and, of cuRAND alone, 11.8.0; classifier linux-x86_64. */
  private static final List<NativeLibrary> JCUDA =
      List.of(
          new NativeLibrary(
              "libJCudaDriver" + PLATFORM,
              "fdc3b4b4fca4f0fab54ff12c0b4d6ad1c5e8d55015b4950834c705e5db301255"),
          new NativeLibrary(
              "libJCublas2" + PLATFORM,
              "990b2129e540a7f93d0776799d48659dc85e4f7f5bfb6473d0c8369ef8126c32"),
          new NativeLibrary(
              "libJCudnn" + PLATFORM,
              "340a06c5d0241ddc80b576ec2e968e79046dbf5c5c27e5d9525f4cbf97ad7c37"),
          new NativeLibrary(
              "libJCurand" + PLATFORM,
              "5199540b00642fe75dc220ce1efc2d41c1a977d4d6ca550ae5f6a873b936c066"));

  /** Answers to the name of cuBLAS 12 and passes every call on to cuBLAS 13. */
  private static final NativeLibrary FORWARDER =
      new NativeLibrary(
          "libcublas12to13.so", "d101c2bd1d682d878bc2c2813e33316a8339f048a820f9eef21b0c9498cfadbb");

  private static final AddressLayout POINTER = ValueLayout.ADDRESS;
  private static final String BLAS_13 = "libcublas.so.13";

  /** A function that only the simulation of the driver has. */
  private static final String SIMULATED = "ventral_sim_restart";

  /**
   * Returns the libraries, loaded.
   *
   * @param own the engine's folder of libraries
   * @throws EngineException DEVICE if one is missing, with every place that was tried and what was
   *     wrong there
   */
  public static CudaLibraries load(LibrarySearch search, Path own) {
    prepare(own);
    boolean simulated = isSimulated(load(CudaLibrary.DRIVER, search, own));
    load(CudaLibrary.BLAS, search, own);
    load(CudaLibrary.DNN, search, own);
    load(CudaLibrary.RAND, search, own);
    return new CudaLibraries(simulated);
  }

  /**
   * Makes sure that JCuda's own libraries are there and will be found.
   *
   * @throws EngineException DEVICE if not
   */
  static void prepare(Path own) {
    JCUDA.forEach(library -> library.verified("cuda", own));
    requireOnLibraryPath(own);
  }

  /**
   * Returns where a library was found; it is loaded.
   *
   * @throws EngineException DEVICE if it is missing, with every place that was tried and what was
   *     wrong there
   */
  static Path load(CudaLibrary library, LibrarySearch search, Path own) {
    Path file = find(search, library);
    load(file);
    if (file.endsWith(BLAS_13)) {
      forward(file, FORWARDER.verified("cuda", own));
    }
    return file;
  }

  /** JCuda's classes look for their natives there; elsewhere they may find anything. */
  private static void requireOnLibraryPath(Path own) {
    String path = System.getProperty("java.library.path", "");
    boolean found =
        Arrays.stream(path.split(File.pathSeparator, -1))
            .anyMatch(
                folder ->
                    Path.of(folder)
                        .toAbsolutePath()
                        .normalize()
                        .equals(own.toAbsolutePath().normalize()));
    if (!found) {
      throw EngineException.device(
          "cuda: start Java with -Djava.library.path=%s, as the script ventral does"
              .formatted(own));
    }
  }

  private static Path find(LibrarySearch search, CudaLibrary library) {
    List<String> tried = new ArrayList<>();
    for (String name : library.files()) {
      for (Path file : search.files(name)) {
        String defect = defect(file.toAbsolutePath(), library.symbols());
        if (defect.isEmpty()) {
          return file.toAbsolutePath().normalize();
        }
        tried.add(file + " " + defect);
      }
    }
    throw EngineException.device(
        "cuda: no usable %s: %s; looked in %s"
            .formatted(
                String.join(" or ", library.files()),
                tried.isEmpty() ? "there is none" : String.join("; ", tried),
                search.folders().isEmpty() ? "no folder at all" : search));
  }

  /** Returns what is wrong with a library; nothing if it can be used. */
  @SuppressWarnings("restricted")
  private static String defect(Path file, List<String> symbols) {
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup lookup = SymbolLookup.libraryLookup(file, arena);
      List<String> missing =
          symbols.stream().filter(symbol -> lookup.find(symbol).isEmpty()).toList();
      return missing.isEmpty() ? "" : "is of another version: it lacks " + missing;
    } catch (IllegalArgumentException e) {
      return reason(file);
    }
  }

  /** Returns the loader's own words, which only this way of loading passes on. */
  @SuppressWarnings("restricted")
  private static String reason(Path file) {
    try {
      System.load(file.toString());
      return "could not be opened at first, only again";
    } catch (UnsatisfiedLinkError e) {
      return "cannot be loaded: " + e.getMessage();
    }
  }

  /** Returns whether this driver is the simulation. */
  @SuppressWarnings("restricted")
  static boolean isSimulated(Path driver) {
    try (Arena arena = Arena.ofConfined()) {
      return SymbolLookup.libraryLookup(driver, arena).find(SIMULATED).isPresent();
    }
  }

  /** Once loaded by its path, a library answers to its name when others ask for it. */
  @SuppressWarnings("restricted")
  private static void load(Path file) {
    try {
      System.load(file.toString());
    } catch (UnsatisfiedLinkError e) {
      throw EngineException.device("cuda: " + file + ": " + e.getMessage());
    }
  }

  /** Sets the jump target of every function of the forwarder. */
  @SuppressWarnings("restricted")
  private static void forward(Path blas, Path forwarder) {
    load(forwarder);
    SymbolLookup targets = SymbolLookup.libraryLookup(blas, Arena.global());
    SymbolLookup jumps = SymbolLookup.libraryLookup(forwarder, Arena.global());
    for (String symbol : CudaLibrary.BLAS.symbols()) {
      MemorySegment slot =
          jumps
              .find("to_" + symbol)
              .orElseThrow(
                  () -> EngineException.internal(forwarder + " does not forward " + symbol))
              .reinterpret(POINTER.byteSize());
      slot.set(POINTER, 0, targets.findOrThrow(symbol));
    }
  }
}
