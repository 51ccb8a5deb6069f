package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.Rounding;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import java.util.List;
import java.util.Optional;

/**
 * Gradient of {@link Conv2d} for its input, and transposed convolution when used forward: from w
 * [O,C/groups,kh,kw] and dy [N,O,H',W'] to dx [N,C,H,W], each dy element scattered through its
 * window.
 *
 * @param inputHeight H, which the window alone does not determine
 * @param inputWidth W
 */
public record Conv2dGradInput(Window2d window, int groups, int inputHeight, int inputWidth)
    implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 2);
    TensorType w = inputs.get(0);
    TensorType dy = inputs.get(1);
    Signature.rank("filter", w, 4);
    Signature.rank("output gradient", dy, 4);
    Signature.dtype("filter", w, dy.dtype());
    Signature.extent("output gradient", dy, 1, w.extent(0));
    if (w.extent(0) % groups != 0) {
      throw EngineException.user(
          "filter has " + w.extent(0) + " outputs, not divisible by " + groups + " groups");
    }
    Signature.extent("filter", w, 2, window.vertical().kernel());
    Signature.extent("filter", w, 3, window.horizontal().kernel());
    Signature.extent(
        "output gradient", dy, 2, window.vertical().outputExtent(inputHeight, Rounding.FLOOR));
    Signature.extent(
        "output gradient", dy, 3, window.horizontal().outputExtent(inputWidth, Rounding.FLOOR));
    int channels = w.extent(1) * groups;
    return List.of(TensorType.of(dy.dtype(), dy.extent(0), channels, inputHeight, inputWidth));
  }

  /** The operation is linear in both inputs, and its transpose is the convolution it came from. */
  @Override
  public List<Optional<Value>> gradient(Backward b) {
    return b.result(
        b.when(0, () -> b.emit(new Conv2dGradFilter(window, groups), b.gradient(), b.input(1))),
        b.when(1, () -> b.emit(new Conv2d(window, groups), b.gradient(), b.input(0))));
  }

  @Override
  public long multiplyAdds(List<TensorType> inputs, List<TensorType> outputs) {
    return inputs.get(1).elements() * inputs.get(0).shape().elementsPerSample();
  }

  @Override
  public String label() {
    return "Conv2dGradInput " + window + (groups == 1 ? "" : " groups " + groups);
  }
}
