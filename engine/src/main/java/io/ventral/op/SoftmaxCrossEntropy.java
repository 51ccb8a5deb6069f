package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Cross-entropy of softmax(logits [N,K]) against labels [N] (i64), one loss a sample [N]: −Σ
 * t[k]·log p[k] with t = (1 − labelSmoothing)·onehot + labelSmoothing/K (Szegedy et al. 2016).
 * Samples are weighed and summed by further operations. A label outside 0…K−1 gives NaN.
 */
public record SoftmaxCrossEntropy(double labelSmoothing) implements Op {
  public SoftmaxCrossEntropy {
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw EngineException.user("label smoothing must lie in [0, 1), not " + labelSmoothing);
    }
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 2);
    Signature.scoresAndLabels(inputs.get(0), inputs.get(1));
    return List.of(TensorType.of(inputs.get(0).dtype(), inputs.get(0).extent(0)));
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    return b.first(
        () -> b.emit(new SoftmaxCrossEntropyGrad(this), b.input(0), b.input(1), b.gradient()));
  }

  @Override
  public String label() {
    return "SoftmaxCrossEntropy" + (labelSmoothing == 0 ? "" : " smoothing " + labelSmoothing);
  }
}
