package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;

/**
 * Fused: {@link Conv2d}, then {@link BiasAdd}, then, if asked for, {@link Relu}: from x, filter and
 * bias [O], which where x has 16 bits is FLOAT32 or has them too. Made after differentiation, so it
 * has no gradient.
 */
public record Conv2dBias(Conv2d conv, boolean relu) implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 3);
    TensorType y = conv.outputTypes(inputs.subList(0, 2)).getFirst();
    TensorType bias = inputs.get(2);
    Signature.vector("bias", bias, y.extent(1));
    if (bias.dtype() != y.dtype()) {
      Signature.dtype("bias", bias, y.dtype().accumulator());
    }
    return List.of(y);
  }

  @Override
  public boolean isPerChannel(int input) {
    return input == 2;
  }

  @Override
  public long multiplyAdds(List<TensorType> inputs, List<TensorType> outputs) {
    return conv.multiplyAdds(inputs.subList(0, 2), outputs);
  }

  @Override
  public String label() {
    return conv.label() + " + bias" + (relu ? " + Relu" : "");
  }
}
