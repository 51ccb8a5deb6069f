package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** Leaky rectifier: y = x where x > 0, else slope·x. */
public record LeakyRelu(double slope) implements Op {
  public LeakyRelu {
    if (!(slope >= 0)) {
      throw EngineException.user("slope must be at least 0, not " + slope);
    }
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 1);
    Signature.floating("input", inputs.getFirst());
    return List.of(inputs.getFirst());
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    return b.first(() -> b.emit(new LeakyReluGrad(slope), b.input(0), b.gradient()));
  }

  @Override
  public String label() {
    return "LeakyRelu slope " + slope;
  }
}
