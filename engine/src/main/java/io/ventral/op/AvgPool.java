package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.Rounding;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.tensor.WindowAxis;
import java.util.List;
import java.util.Optional;

/**
 * Mean of each window over x [N,C,H,W], with PyTorch's divisors: with {@code countIncludePad} the
 * elements of the window that lie in the input or in the padding asked for (what CEIL rounding adds
 * beyond it never counts), else those in the input alone.
 */
public record AvgPool(Window2d window, Rounding rounding, boolean countIncludePad) implements Op {
  public AvgPool {
    if (window.vertical().dilation() != 1 || window.horizontal().dilation() != 1) {
      throw EngineException.unsupported("average pooling has no dilation");
    }
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 1);
    return List.of(Pooling.outputType(inputs.getFirst(), window, rounding));
  }

  /**
   * Returns what window {@code out} of an axis of {@code in} elements contributes to the divisor.
   */
  public int divisor(WindowAxis axis, int out, int in) {
    int first = axis.position(out, 0);
    int end = first + axis.kernel();
    return countIncludePad
        ? Math.min(end, in + axis.padAfter()) - first
        : Math.min(end, in) - Math.max(first, 0);
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    TensorType x = b.input(0).type();
    return b.first(() -> b.emit(new AvgPoolGrad(this, x.extent(2), x.extent(3)), b.gradient()));
  }

  @Override
  public String label() {
    return Pooling.label("AvgPool", window, rounding) + (countIncludePad ? "" : " exclude pad");
  }
}
