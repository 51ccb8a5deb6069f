package io.ventral.plan;

/**
 * A buffer and the time it is needed.
 *
 * @param first index of the first node that needs it
 * @param last index of the last node that needs it, itself included
 */
public record Interval(long bytes, int first, int last) {
  /** Returns whether both are needed at some common time. */
  public boolean overlaps(Interval other) {
    return first <= other.last && other.first <= last;
  }
}
