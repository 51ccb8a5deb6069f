package io.ventral.backend;

import java.util.Optional;

/** An operation bound to a way of computing it on one device, before its operands have a place. */
public interface Kernel {
  /** Returns the bytes of scratch needed while it runs. */
  long workspaceBytes();

  /** Returns the bytes of its opaque output; 0 if it has none. */
  long savedBytes();

  /** Returns whether {@code output} may lie exactly over {@code input}. */
  boolean mayOverwrite(int input, int output);

  /**
   * Returns what may be done once for operand {@code input} where it stays the same from run to
   * run; empty where that gains nothing.
   */
  default Optional<Preparation> preparation(int input) {
    return Optional.empty();
  }

  /** Returns the kernel with its operands fixed, ready to be launched again and again. */
  Launch place(Operands operands);

  /** Returns what computes it, for listings: a library's implementation or our own loop. */
  String implementation();
}
