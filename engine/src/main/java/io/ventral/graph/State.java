package io.ventral.graph;

import io.ventral.op.Value;
import io.ventral.tensor.TensorType;

/**
 * What outlives a run: the value it has when the run begins and the value it has after.
 *
 * @param name unique on its device; replicas on other devices bear the same name
 * @param last equal to {@code initial} if the run does not change it
 */
public record State(String name, StateRole role, Value initial, Value last) {
  public TensorType type() {
    return initial.type();
  }

  public int device() {
    return initial.device();
  }

  public boolean changes() {
    return !initial.equals(last);
  }
}
