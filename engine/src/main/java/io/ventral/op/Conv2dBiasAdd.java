package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;

/**
 * Fused: {@link Conv2d}, then {@link BiasAdd}, then {@link Add}, then, if asked for, {@link Relu}:
 * from x, filter, bias [O] and what is added, of the shape of the result. Made after
 * differentiation, so it has no gradient.
 */
public record Conv2dBiasAdd(Conv2d conv, boolean relu) implements BiasedConv2d {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 4);
    TensorType y = new Conv2dBias(conv, false).outputTypes(inputs.subList(0, 3)).getFirst();
    return new Add().outputTypes(List.of(y, inputs.get(3)));
  }

  @Override
  public String label() {
    return conv.label() + " + bias + sum" + (relu ? " + Relu" : "");
  }
}
