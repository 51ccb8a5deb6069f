package io.ventral.backend.cuda;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What may be chosen about GPUs.
 *
 * @param nondeterministic whether algorithms count that give other bits from run to run
 * @param tf32 whether products of FLOAT32 may be computed from factors rounded to 11 bits
 * @param graphs whether a step is captured once and then replayed as a whole
 * @param workspaceBytes the most scratch that a convolution may take
 * @param algorithms the file in which the algorithms found are kept, if any
 */
public record CudaOptions(
    boolean nondeterministic,
    boolean tf32,
    boolean graphs,
    long workspaceBytes,
    Optional<Path> algorithms) {
  private static final long WORKSPACE_BYTES = 1L << 30;

  /** Returns the usual choice: deterministic, exact in FLOAT32, captured. */
  public static CudaOptions usual() {
    return new CudaOptions(false, false, true, WORKSPACE_BYTES, Optional.empty());
  }
}
