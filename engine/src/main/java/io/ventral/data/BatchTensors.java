package io.ventral.data;

import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.lang.foreign.ValueLayout;

/** The memory of one batch of n samples: u8[n, c, h, w], i64[n], f[n]. */
record BatchTensors(
    HostTensor input, HostTensor labels, HostTensor weights, Preprocessing preprocessing)
    implements AutoCloseable {

  static BatchTensors allocate(int n, LoaderOptions options) {
    Preprocessing image = options.preprocessing();
    TensorType input =
        TensorType.of(DType.UINT8, n, image.channels(), image.cropHeight(), image.cropWidth());
    return new BatchTensors(
        HostTensor.zeros(input),
        HostTensor.zeros(TensorType.of(DType.INT64, n)),
        HostTensor.zeros(TensorType.of(options.dtype(), n)),
        image);
  }

  int samples() {
    return labels.type().extent(0);
  }

  /**
   * Makes sample {@code i} count for nothing, in the colour of the mean: next to zero for the
   * network, whose statistics of a batch may see it.
   */
  void blank(int i, int label) {
    long bytes = input.type().shape().elementsPerSample();
    int channels = preprocessing.channels();
    for (long k = 0; k < bytes; k++) {
      byte value = preprocessing.neutral((int) (k % channels));
      input.memory().set(ValueLayout.JAVA_BYTE, i * bytes + k, value);
    }
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
