package io.ventral.backend.onednn.primitive;

import io.ventral.backend.onednn.library.DeviceThread;
import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.library.Team;
import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What every family of kernels needs.
 *
 * @param team runs loops of our own
 * @param thread on which everything is computed
 */
public record Binding(Dnnl dnnl, Team team, DeviceThread thread) {
  /** Returns the beginning of a kernel. */
  public NativeKernel.Builder kernel() {
    return new NativeKernel.Builder(dnnl, thread);
  }

  /** Returns what brings an operand from one layout into another, ahead of the runs. */
  public NativeKernel repacking(MemorySegment from, MemorySegment to) {
    return kernel()
        .saves(dnnl.bytes(to))
        .primitive(
            dnnl.reorder(from, to),
            Argument.input(Argument.SRC, from, 0),
            Argument.output(Argument.DST, to, 0))
        .build();
  }

  /**
   * Returns what {@code kernel} gives; empty if oneDNN has nothing for a part of it, or nothing but
   * its slow loop.
   */
  public <T> Optional<T> offered(Supplier<T> kernel) {
    try {
      return Optional.of(kernel.get());
    } catch (EngineException e) {
      if (e.kind() == ErrorKind.UNSUPPORTED) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
