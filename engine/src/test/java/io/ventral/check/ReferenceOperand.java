package io.ventral.check;

import io.ventral.backend.Device;
import io.ventral.backend.Region;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;

/** A region of the reference device, where every element is a double whatever its format. */
record ReferenceOperand(Device device, Region region) {
  private static final TensorType DOUBLE = TensorType.of(DType.FLOAT64);

  /** Returns the place behind the last element. */
  int end() {
    return Math.toIntExact(region.bytes() / Double.BYTES);
  }

  double get(int element) {
    try (HostTensor tensor = HostTensor.zeros(DOUBLE)) {
      device.download(at(element), tensor, 0);
      return tensor.value();
    }
  }

  /** Writes an element, also where there is none. */
  void set(int element, double value) {
    try (HostTensor tensor = HostTensor.scalar(DType.FLOAT64, value)) {
      device.upload(tensor, 0, at(element));
    }
  }

  /** Rounds every element to another format and returns a new tensor of what they were. */
  HostTensor round(DType dtype) {
    HostTensor kept = HostTensor.zeros(region.type());
    device.download(region, kept, 0);
    try (HostTensor rounded = HostTensor.zeros(region.type().with(dtype))) {
      for (int i = 0; i < region.type().elements(); i++) {
        rounded.set(i, kept.get(i));
      }
      device.upload(rounded, 0, region);
    }
    return kept;
  }

  private Region at(int element) {
    long offset = region.offset() + (long) element * Double.BYTES;
    return new Region(region.memory(), offset, Double.BYTES, DOUBLE);
  }
}
