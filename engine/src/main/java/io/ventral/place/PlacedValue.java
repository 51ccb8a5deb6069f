package io.ventral.place;

import io.ventral.op.Value;
import java.util.List;

/**
 * A logical value after placement.
 *
 * @param parts what each device holds, from device 0 on; of a batch smaller than the mesh, or a sum
 *     over it, the last devices hold nothing
 */
record PlacedValue(Placement placement, List<Value> parts) {
  PlacedValue {
    parts = List.copyOf(parts);
  }

  boolean isSharded() {
    return placement instanceof Placement.Sharded;
  }

  boolean isPartial() {
    return placement instanceof Placement.Partial;
  }
}
