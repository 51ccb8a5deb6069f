package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Mean over PyTorch's adaptive windows: x [N,C,H,W] to y [N,C,outputHeight,outputWidth], where
 * window i of an axis covers ⌊i·in/out⌋ up to ⌈(i+1)·in/out⌉. Windows may overlap, and the output
 * may be larger than the input.
 */
public record AdaptiveAvgPool(int outputHeight, int outputWidth) implements Op {
  public AdaptiveAvgPool {
    if (outputHeight < 1 || outputWidth < 1) {
      throw EngineException.user(
          "output " + outputHeight + "x" + outputWidth + " must be at least 1x1");
    }
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 1);
    TensorType x = inputs.getFirst();
    Signature.rank("input", x, 4);
    Signature.floating("input", x);
    return List.of(TensorType.of(x.dtype(), x.extent(0), x.extent(1), outputHeight, outputWidth));
  }

  /** Returns the first input position of window {@code i}. */
  public static int begin(int i, int in, int out) {
    return (int) ((long) i * in / out);
  }

  /** Returns the position after the last of window {@code i}. */
  public static int end(int i, int in, int out) {
    return (int) (((long) (i + 1) * in + out - 1) / out);
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    TensorType x = b.input(0).type();
    return b.first(() -> b.emit(new AdaptiveAvgPoolGrad(x.extent(2), x.extent(3)), b.gradient()));
  }

  @Override
  public String label() {
    return "AdaptiveAvgPool to " + outputHeight + "x" + outputWidth;
  }
}
