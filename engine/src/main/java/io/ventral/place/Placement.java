package io.ventral.place;

/** How one logical value lies on the devices of a mesh. */
public sealed interface Placement {
  /** Every device holds the whole value. */
  record Replicated() implements Placement {}

  /** Device p holds share p of axis {@code axis}. */
  record Sharded(int axis) implements Placement {}

  /** The value is the sum of what the devices hold. */
  record Partial() implements Placement {}
}
