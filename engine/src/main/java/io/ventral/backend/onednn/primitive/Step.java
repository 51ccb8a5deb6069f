package io.ventral.backend.onednn.primitive;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;

/** A part of a kernel: a primitive or a loop of ours. */
@FunctionalInterface
public interface Step {
  /** Returns the step with its operands fixed. */
  Launch place(Operands operands);
}
