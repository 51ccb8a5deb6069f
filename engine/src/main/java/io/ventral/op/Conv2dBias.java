package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;

/**
 * Fused: {@link Conv2d}, then {@link BiasAdd}, then, if asked for, {@link Relu}: from x, filter and
 * bias [O], which where x has 16 bits is FLOAT32 or has them too. Made after differentiation, so it
 * has no gradient.
 */
public record Conv2dBias(Conv2d conv, boolean relu) implements BiasedConv2d {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 3);
    TensorType y = conv.outputTypes(inputs.subList(0, BIAS)).getFirst();
    TensorType bias = inputs.get(BIAS);
    Signature.vector("bias", bias, y.extent(1));
    if (bias.dtype() != y.dtype()) {
      Signature.dtype("bias", bias, y.dtype().accumulator());
    }
    return List.of(y);
  }

  @Override
  public String label() {
    return conv.label() + " + bias" + (relu ? " + Relu" : "");
  }
}
