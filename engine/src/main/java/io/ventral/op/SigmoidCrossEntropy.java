package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Binary cross-entropy of sigmoid(scores [N,…]) against targets of the same shape in [0, 1], one
 * loss a sample [N]: the mean over the sample of max(x, 0) − x·t + log(1 + e^−|x|).
 */
public record SigmoidCrossEntropy() implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 2);
    Signature.atLeastRank("scores", inputs.get(0), 2);
    Signature.floating("scores", inputs.get(0));
    Signature.same("target", inputs.get(1), inputs.get(0));
    return List.of(TensorType.of(inputs.get(0).dtype(), inputs.get(0).extent(0)));
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    return b.first(
        () -> b.emit(new SigmoidCrossEntropyGrad(this), b.input(0), b.input(1), b.gradient()));
  }
}
