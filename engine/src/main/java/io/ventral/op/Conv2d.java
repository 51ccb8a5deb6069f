package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.Rounding;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import java.util.List;
import java.util.Optional;

/**
 * Cross-correlation of x [N,C,H,W] with filters w [O,C/groups,kh,kw] to y [N,O,H',W']: y[n,o,p,q] =
 * Σ x[n,c,p·s−pad+r·d, …] · w[o,c,r,s]. Output group g sees input group g alone.
 */
public record Conv2d(Window2d window, int groups) implements Op {
  public Conv2d {
    if (groups < 1) {
      throw EngineException.user("groups must be at least 1, not " + groups);
    }
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 2);
    TensorType x = inputs.get(0);
    TensorType w = inputs.get(1);
    Signature.rank("input", x, 4);
    Signature.rank("filter", w, 4);
    Signature.dtype("filter", w, x.dtype());
    Signature.floating("input", x);
    divisible("input has " + x.extent(1) + " channels", x.extent(1));
    divisible("filter has " + w.extent(0) + " outputs", w.extent(0));
    Signature.extent("filter", w, 1, x.extent(1) / groups);
    Signature.extent("filter", w, 2, window.vertical().kernel());
    Signature.extent("filter", w, 3, window.horizontal().kernel());
    int height = window.vertical().outputExtent(x.extent(2), Rounding.FLOOR);
    int width = window.horizontal().outputExtent(x.extent(3), Rounding.FLOOR);
    return List.of(TensorType.of(x.dtype(), x.extent(0), w.extent(0), height, width));
  }

  private void divisible(String what, int channels) {
    if (channels % groups != 0) {
      throw EngineException.user(what + ", not divisible by " + groups + " groups");
    }
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    TensorType x = b.input(0).type();
    return b.result(
        b.when(
            0,
            () ->
                b.emit(
                    new Conv2dGradInput(window, groups, x.extent(2), x.extent(3)),
                    b.input(1),
                    b.gradient())),
        b.when(1, () -> b.emit(new Conv2dGradFilter(window, groups), b.input(0), b.gradient())));
  }

  @Override
  public long multiplyAdds(List<TensorType> inputs, List<TensorType> outputs) {
    return outputs.getFirst().elements() * inputs.get(1).shape().elementsPerSample();
  }

  @Override
  public String label() {
    return "Conv2d " + window + (groups == 1 ? "" : " groups " + groups);
  }
}
