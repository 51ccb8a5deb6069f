package io.ventral.op;

import io.ventral.tensor.TensorType;

/**
 * A symbolic result: computed once, by one node, on one device.
 *
 * @param id unique within a graph
 * @param device index into the mesh; 0 before placement
 */
public record Value(int id, TensorType type, int device) {
  @Override
  public String toString() {
    return "%" + id + ":" + type + (device == 0 ? "" : "@" + device);
  }
}
