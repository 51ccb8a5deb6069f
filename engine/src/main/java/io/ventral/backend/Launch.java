package io.ventral.backend;

/** A kernel with its operands. */
@FunctionalInterface
public interface Launch {
  /** Computes the outputs, or enqueues that behind what was launched before; allocates nothing. */
  void run();
}
