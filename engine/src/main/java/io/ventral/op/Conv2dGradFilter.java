package io.ventral.op;

import io.ventral.tensor.Rounding;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import java.util.List;

/**
 * Gradient of {@link Conv2d} for its filter: from x [N,C,H,W] and dy [N,O,H',W'] to dw
 * [O,C/groups,kh,kw], summed over samples and windows.
 *
 * @param accumulated whether dw has the format in which it is summed, FLOAT32 where x has 16 bits;
 *     otherwise it is rounded to the format of x
 */
public record Conv2dGradFilter(Window2d window, int groups, boolean accumulated) implements Op {
  /** A gradient that is not rounded. */
  public Conv2dGradFilter(Window2d window, int groups) {
    this(window, groups, true);
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 2);
    TensorType x = inputs.get(0);
    TensorType dy = inputs.get(1);
    Signature.rank("input", x, 4);
    Signature.rank("output gradient", dy, 4);
    Signature.dtype("output gradient", dy, x.dtype());
    Signature.extent("output gradient", dy, 0, x.extent(0));
    Signature.extent(
        "output gradient", dy, 2, window.vertical().outputExtent(x.extent(2), Rounding.FLOOR));
    Signature.extent(
        "output gradient", dy, 3, window.horizontal().outputExtent(x.extent(3), Rounding.FLOOR));
    return List.of(
        TensorType.of(
            accumulated ? x.dtype().accumulator() : x.dtype(),
            dy.extent(1),
            x.extent(1) / groups,
            window.vertical().kernel(),
            window.horizontal().kernel()));
  }

  @Override
  public long multiplyAdds(List<TensorType> inputs, List<TensorType> outputs) {
    return inputs.get(1).elements() * outputs.getFirst().shape().elementsPerSample();
  }

  @Override
  public boolean sumsOverBatch(int output) {
    return true;
  }

  @Override
  public String label() {
    return "Conv2dGradFilter "
        + window
        + (groups == 1 ? "" : " groups " + groups)
        + (accumulated ? "" : " rounded");
  }
}
