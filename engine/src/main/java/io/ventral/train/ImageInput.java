package io.ventral.train;

import io.ventral.data.Preprocessing;
import io.ventral.graph.GraphBuilder;
import io.ventral.network.Network;
import io.ventral.op.NormalizeBytes;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.Collections;
import java.util.List;

/** In which form images are fed to a program. */
public sealed interface ImageInput {
  /** Returns the images as the network sees them, f[N,C,H,W], from an input that is declared. */
  Value declare(GraphBuilder builder, Network network, int batch, DType dtype);

  /** Numbers as the network sees them. */
  record Normalized() implements ImageInput {
    @Override
    public Value declare(GraphBuilder builder, Network network, int batch, DType dtype) {
      return builder.batchedInput(Names.INPUT, type(network, batch, dtype));
    }
  }

  /** Bytes, a quarter of what has to go to the device as FLOAT32, which the program normalises. */
  record Bytes(List<Double> mean, List<Double> std) implements ImageInput {
    @Override
    public Value declare(GraphBuilder builder, Network network, int batch, DType dtype) {
      Value bytes = builder.batchedInput(Names.INPUT, type(network, batch, DType.UINT8));
      return builder.at("normalize").emit(new NormalizeBytes(dtype, mean, std), bytes);
    }
  }

  /** Returns bytes that are normalised as {@code preprocessing} says. */
  static ImageInput of(Preprocessing preprocessing) {
    return new Bytes(preprocessing.mean(), preprocessing.std());
  }

  /** Returns bytes that become numbers from −1 to 1, for where there are no real images. */
  static ImageInput plain(Network network) {
    List<Double> half = Collections.nCopies(network.request().channels(), 0.5);
    return new Bytes(half, half);
  }

  private static TensorType type(Network network, int batch, DType dtype) {
    var request = network.request();
    return TensorType.of(dtype, batch, request.channels(), request.height(), request.width());
  }
}
