package io.ventral.io;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import java.nio.file.Path;
import java.util.Locale;

/** Reads a file of one tensor, NumPy's {@code .npy} or ONNX's {@code .pb}, told by its name. */
public final class TensorFile {
  private TensorFile() {}

  /**
   * Returns the tensor of a file in its own number format.
   *
   * @throws EngineException USER if there is no such file or its name says neither format; DATA if
   *     it is damaged
   */
  public static HostTensor read(Path path) {
    String name = path.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".npy")) {
      return NpyFile.read(path);
    }
    if (name.endsWith(".pb")) {
      return OnnxTensorFile.read(path);
    }
    throw EngineException.user(path + ": a tensor is read from a .npy or a .pb file");
  }

  /**
   * Returns the tensor of a file, each element rounded once to {@code asType}.
   *
   * @throws EngineException as {@link #read(Path)}
   */
  public static HostTensor read(Path path, DType asType) {
    return Conversion.replace(read(path), asType);
  }
}
