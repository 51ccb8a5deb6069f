package io.ventral.network;

import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Fills tensors by a formula of their names, so that other programs can have the same network
 * without a file: element j of a tensor called {@code name}, counted in row-major order, begins as
 * u = m(crc32(tag + name) + j·2654435761 mod 2³²) / 2³¹ − 1, where m is the 32-bit finaliser of
 * MurmurHash3.
 *
 * @param tag before every name; another tag gives other numbers
 */
public record GoldenFill(String tag) {
  private static final int STRIDE = 0x9E3779B1;

  /** Returns a new tensor of u, in [-1, 1). */
  public HostTensor uniform(String name, TensorType type) {
    int start = start(name);
    HostTensor tensor = HostTensor.zeros(type);
    tensor.setRowMajor(j -> uniform(start, j));
    return tensor;
  }

  /**
   * Returns a new tensor for {@code parameter}: weights u·√(6 / fan-in), biases 0.1 u; of a
   * normalisation the factor 1 + 0.1 u, the summand and the running mean 0.1 u, the running
   * variance 1 + 0.5 u.
   */
  public HostTensor tensor(ParameterSpec parameter, DType dtype) {
    int start = start(parameter.name());
    double offset = offset(parameter.role());
    double factor = factor(parameter);
    HostTensor tensor = HostTensor.zeros(new TensorType(dtype, parameter.shape()));
    tensor.setRowMajor(j -> offset + factor * uniform(start, j));
    return tensor;
  }

  private static double offset(ParameterRole role) {
    return switch (role) {
      case NORM_SCALE, RUNNING_VARIANCE -> 1;
      case WEIGHT, BIAS, NORM_BIAS, RUNNING_MEAN -> 0;
    };
  }

  private static double factor(ParameterSpec parameter) {
    return switch (parameter.role()) {
      case WEIGHT -> Math.sqrt(6.0 / parameter.shape().elementsPerSample());
      case BIAS, NORM_SCALE, NORM_BIAS, RUNNING_MEAN -> 0.1;
      case RUNNING_VARIANCE -> 0.5;
    };
  }

  private int start(String name) {
    CRC32 crc = new CRC32();
    crc.update((tag + name).getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }

  private static double uniform(int start, long j) {
    int x = start + (int) j * STRIDE;
    x ^= x >>> 16;
    x *= 0x85EBCA6B;
    x ^= x >>> 13;
    x *= 0xC2B2AE35;
    x ^= x >>> 16;
    return (x & 0xFFFFFFFFL) / 0x1p31 - 1;
  }
}
