package io.ventral.cli;

import io.ventral.error.EngineException;
import io.ventral.io.TensorFile;
import io.ventral.network.Network;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.nio.file.Path;
import java.util.List;

/** Reads what a network is fed, and holds it against what a network can take. */
final class TensorInputs {
  private TensorInputs() {}

  /**
   * Returns the images, [N,C,H,W], in the number format {@code dtype}.
   *
   * @throws EngineException USER if there is not just one input; DATA if it is of another rank
   */
  static HostTensor images(List<TensorArgument> arguments, DType dtype) {
    if (arguments.size() != 1) {
      throw EngineException.user(
          "--input: the network has one input, '%s', but %d are given"
              .formatted(Network.INPUT, arguments.size()));
    }
    TensorArgument argument = arguments.getFirst();
    argument
        .name()
        .filter(name -> !name.equals(Network.INPUT))
        .ifPresent(
            name -> {
              throw EngineException.user(
                  "--input: no input is called '%s'; the network's is '%s'"
                      .formatted(name, Network.INPUT));
            });
    HostTensor images = TensorFile.read(argument.file(), dtype);
    if (images.type().rank() != 4) {
      try (images) {
        throw EngineException.data(
            "%s: images have four axes, N, C, H, W; this array is %s"
                .formatted(argument.file(), images.type().shape()));
      }
    }
    return images;
  }

  /**
   * Returns the labels, i64[N].
   *
   * @throws EngineException DATA if they are no whole numbers, not as many as the images, or one is
   *     no class
   */
  static HostTensor labels(Path file, int images, int classes) {
    TensorType type;
    try (HostTensor given = TensorFile.read(file)) {
      type = given.type();
    }
    if (type.dtype().isFloating() || type.rank() != 1 || type.extent(0) != images) {
      throw EngineException.data(
          "%s: labels are whole numbers (int64), one for each of the %d images; this array is %s"
              .formatted(file, images, type));
    }
    HostTensor labels = TensorFile.read(file, DType.INT64);
    for (int i = 0; i < images; i++) {
      double label = labels.get(i);
      if (label < 0 || label >= classes) {
        try (labels) {
          throw EngineException.data(
              "%s: label %.0f of image %d is none of the %d classes, 0 to %d"
                  .formatted(file, label, i, classes, classes - 1));
        }
      }
    }
    return labels;
  }
}
