package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;

/**
 * Exponential average of a statistic: (1 − momentum)·running + momentum·batch where the flag {@code
 * apply} (i32) is 1, and running unchanged where it is 0. Momentum is PyTorch's: the weight of the
 * new value.
 */
public record RunningAverage(double momentum) implements Op {
  public RunningAverage {
    if (!(momentum >= 0 && momentum <= 1)) {
      throw EngineException.user("momentum must lie in [0, 1], not " + momentum);
    }
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 3);
    Signature.same("batch statistic", inputs.get(1), inputs.get(0));
    Signature.scalar("apply", inputs.get(2), DType.INT32);
    return List.of(inputs.getFirst());
  }
}
