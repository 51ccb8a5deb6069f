package io.ventral.data;

import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;

/** The memory of one batch of n samples: f[n, c, h, w], i64[n], f[n]. */
record BatchTensors(HostTensor input, HostTensor labels, HostTensor weights)
    implements AutoCloseable {

  static BatchTensors allocate(int n, LoaderOptions options) {
    Preprocessing image = options.preprocessing();
    TensorType input =
        TensorType.of(options.dtype(), n, image.channels(), image.cropHeight(), image.cropWidth());
    return new BatchTensors(
        HostTensor.zeros(input),
        HostTensor.zeros(TensorType.of(DType.INT64, n)),
        HostTensor.zeros(TensorType.of(options.dtype(), n)));
  }

  int samples() {
    return labels.type().extent(0);
  }

  /** Makes sample {@code i} count for nothing, with an input of zeros. */
  void blank(int i, int label) {
    long bytes = input.memory().byteSize() / samples();
    input.memory().asSlice(i * bytes, bytes).fill((byte) 0);
    labels.set(i, label);
    weights.set(i, 0);
  }

  /** Makes sample {@code i}, whose input is written, count. */
  void accept(int i, int label) {
    labels.set(i, label);
    weights.set(i, 1);
  }

  @Override
  public void close() {
    input.close();
    labels.close();
    weights.close();
  }
}
