package io.ventral.backend.reference;

import io.ventral.backend.Memory;

/** Memory of the reference device: every element takes one double, whatever its declared type. */
record DoubleMemory(double[] data) implements Memory {
  @Override
  public long bytes() {
    return (long) data.length * Double.BYTES;
  }
}
