package io.ventral.backend.onednn.library;

import io.ventral.backend.NativeLibrary;
import io.ventral.error.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The libraries in {@code org.bytedeco:dnnl:3.11-1.5.13}, classifier linux-x86_64. */
public final class NativeLibraries {
  static final NativeLibrary ONEDNN =
      new NativeLibrary(
          "libdnnl.so.3", "a8948803c5718bac623b664be77fb47e24328e8693997e96e02c4308b0ee826f");

  /** The OpenMP runtime that oneDNN was built with. */
  public static final NativeLibrary OPENMP =
      new NativeLibrary(
          "libgomp.so.1", "115302e45583ad3e8df681c0a5af4c8273b7399f764965280d70d8780e5ee454");

  private NativeLibraries() {}

  /**
   * Returns {@code folder} after checking both libraries.
   *
   * @throws EngineException DEVICE if one is missing, or is not the one that belongs here
   */
  public static Path verified(Path folder) {
    if (!Files.exists(folder.resolve(OPENMP.name()))
        && !Files.exists(folder.resolve(ONEDNN.name()))) {
      throw EngineException.device(
          "cpu: oneDNN (%s, %s) is missing in %s: a bundle comes without it and has cuda and reference; elsewhere build again (mvn package)"
              .formatted(ONEDNN.name(), OPENMP.name(), folder));
    }
    OPENMP.verified("cpu", folder);
    ONEDNN.verified("cpu", folder);
    return folder;
  }
}
