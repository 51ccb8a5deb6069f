package io.ventral.backend.cuda;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;

/** One call that enqueues a part of what a kernel does. */
@FunctionalInterface
interface Step {
  /** Returns the call with the addresses of its operands fixed. */
  Launch place(Operands operands);
}
