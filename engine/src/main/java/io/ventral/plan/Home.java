package io.ventral.plan;

import io.ventral.graph.State;

/** Which arena a value lies in. */
public sealed interface Home {
  /** The lasting place of a state. */
  record OfState(State state) implements Home {}

  /** The place of the gradient of a parameter, at the parameter's offset in the gradient arena. */
  record OfGradient(State parameter) implements Home {}

  /** The program's own place for a result of its prologue that is read in every run. */
  record OfInvariant(long offset) implements Home {}

  /** A buffer of the activation arena, shared by values whose times do not meet. */
  record OfBuffer(int buffer) implements Home {}
}
