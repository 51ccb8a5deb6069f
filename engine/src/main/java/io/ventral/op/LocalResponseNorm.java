package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Local response normalisation across channels (Krizhevsky, Sutskever, Hinton 2012, section 3.3):
 * y[c] = x[c] / (k + alpha/size · Σ x[j]²)^beta over the {@code size} channels j around c, from c −
 * ⌊size/2⌋. Alpha is divided by size, as in Caffe, cuDNN and PyTorch.
 */
public record LocalResponseNorm(int size, double alpha, double beta, double k) implements Op {
  public LocalResponseNorm {
    if (size < 1 || !(k > 0) || !(alpha >= 0)) {
      throw EngineException.user(
          "size must be at least 1, k above 0 and alpha at least 0: size %d k %s alpha %s"
              .formatted(size, k, alpha));
    }
  }

  /** Returns the first channel of the window around {@code channel}; it may be negative. */
  public int first(int channel) {
    return channel - size / 2;
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 1);
    Signature.atLeastRank("input", inputs.getFirst(), 2);
    Signature.floating("input", inputs.getFirst());
    return List.of(inputs.getFirst());
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    return b.first(
        () -> b.emit(new LocalResponseNormGrad(this), b.input(0), b.output(0), b.gradient()));
  }

  @Override
  public String label() {
    return "LocalResponseNorm size %d alpha %s beta %s k %s".formatted(size, alpha, beta, k);
  }
}
