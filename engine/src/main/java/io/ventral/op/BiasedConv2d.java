package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;

/** Fused: {@link Conv2d}, then {@link BiasAdd} and perhaps more. Inputs begin x, filter, bias. */
public sealed interface BiasedConv2d extends Op permits Conv2dBias, Conv2dBiasAdd {
  /** The bias among the inputs. */
  int BIAS = 2;

  /** Returns the convolution alone. */
  Conv2d conv();

  @Override
  default boolean isPerChannel(int input) {
    return input == BIAS;
  }

  @Override
  default long multiplyAdds(List<TensorType> inputs, List<TensorType> outputs) {
    return conv().multiplyAdds(inputs.subList(0, BIAS), outputs);
  }
}
