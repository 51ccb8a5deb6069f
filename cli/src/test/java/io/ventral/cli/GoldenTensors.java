package io.ventral.cli;

import io.ventral.io.NpyFile;
import io.ventral.network.GoldenFill;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.nio.file.Path;

/** Files of images and labels that the golden values belong to. */
record GoldenTensors(Path folder) {
  /** Returns a file of the tensor called {@code input}, of this shape. */
  String images(int... shape) {
    return images(TensorType.of(DType.FLOAT64, shape));
  }

  String images(TensorType type) {
    try (HostTensor images = new GoldenFill("").uniform("input", type)) {
      return write("input" + type + ".npy", images);
    }
  }

  /** Returns a file of labels. */
  String labels(double... labels) {
    return vector(DType.INT64, labels);
  }

  String vector(DType dtype, double... values) {
    try (HostTensor tensor = HostTensor.ofRowMajor(TensorType.of(dtype, values.length), values)) {
      return write("vector" + tensor.type() + values[values.length - 1] + ".npy", tensor);
    }
  }

  String file(String name) {
    return folder.resolve(name).toString();
  }

  double[] read(String name) {
    try (HostTensor tensor = NpyFile.read(folder.resolve(name))) {
      return tensor.toRowMajor();
    }
  }

  private String write(String name, HostTensor tensor) {
    NpyFile.write(folder.resolve(name), tensor);
    return file(name);
  }
}
