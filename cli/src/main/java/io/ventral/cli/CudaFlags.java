package io.ventral.cli;

import io.ventral.backend.cuda.CudaOptions;
import io.ventral.error.EngineException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What may be chosen about GPUs; null is not chosen. Other devices ignore it. */
final class CudaFlags {
  @Option(
      names = "--nondeterministic",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "cuda: also use algorithms that give other last bits from run to run.")
  Boolean nondeterministic;

  @Option(
      names = "--tf32",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "cuda: multiply float32 on tensor cores, factors rounded to 11 bits.")
  Boolean tf32;

  @Option(
      names = "--no-cuda-graph",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "cuda: launch every kernel by itself instead of replaying the captured step.")
  Boolean noCudaGraph;

  @Option(
      names = "--cudnn-workspace",
      paramLabel = "MIB",
      description = "cuda: the most scratch of a convolution (1024).")
  Integer workspace;

  /** Returns the choices made, the usual ones elsewhere. */
  CudaOptions options() {
    CudaOptions usual = CudaOptions.usual();
    if (workspace != null && workspace < 0) {
      throw EngineException.user("--cudnn-workspace must be 0 or more, not " + workspace);
    }
    return new CudaOptions(
        Boolean.TRUE.equals(nondeterministic),
        Boolean.TRUE.equals(tf32),
        !Boolean.TRUE.equals(noCudaGraph),
        workspace == null ? usual.workspaceBytes() : (long) workspace << 20,
        Optional.of(algorithms(System.getenv())));
  }

  /** Returns the file of the algorithms found on this machine, by the rules for caches. */
  private static Path algorithms(Map<String, String> environment) {
    String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path folder =
        cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
    return folder.resolve("ventral").resolve("cudnn-algorithms.tsv");
  }
}
