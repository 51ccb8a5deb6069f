package io.ventral.io;

import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Tensors that a seed alone decides. */
final class RandomTensors {
  static final List<DType> DTYPES =
      Arrays.stream(DType.values()).filter(dtype -> dtype != DType.OPAQUE).toList();

  private RandomTensors() {}

  /** Returns a shape of rank 0 to 5; now and then one axis is longer than a tile. */
  static Shape shape(Random random) {
    int[] extents = random.ints(random.nextInt(6), 1, 6).toArray();
    if (extents.length > 0 && random.nextBoolean()) {
      extents[random.nextInt(extents.length)] = random.nextInt(60, 150);
    }
    return Shape.of(extents);
  }

  static HostTensor tensor(Random random, DType dtype, Shape shape) {
    HostTensor tensor = HostTensor.zeros(new TensorType(dtype, shape));
    for (long i = 0; i < tensor.type().elements(); i++) {
      tensor.set(i, dtype.isFloating() ? random.nextGaussian() : random.nextInt(256));
    }
    return tensor;
  }
}
