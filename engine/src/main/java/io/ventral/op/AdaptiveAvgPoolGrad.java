package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;

/** Gradient of {@link AdaptiveAvgPool}: from dy [N,C,H',W'] to dx [N,C,inputHeight,inputWidth]. */
public record AdaptiveAvgPoolGrad(int inputHeight, int inputWidth) implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 1);
    TensorType dy = inputs.getFirst();
    Signature.rank("output gradient", dy, 4);
    return List.of(TensorType.of(dy.dtype(), dy.extent(0), dy.extent(1), inputHeight, inputWidth));
  }

  @Override
  public String label() {
    return "AdaptiveAvgPoolGrad to " + inputHeight + "x" + inputWidth;
  }
}
