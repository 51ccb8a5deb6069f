package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Multi-class hinge loss of scores [N,K] against labels [N] (i64), one loss a sample [N]: Σ max(0,
 * margin − x[label] + x[k]) / K over k ≠ label. A label outside 0…K−1 gives NaN.
 */
public record MulticlassHinge(double margin) implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 2);
    Signature.scoresAndLabels(inputs.get(0), inputs.get(1));
    return List.of(TensorType.of(inputs.get(0).dtype(), inputs.get(0).extent(0)));
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    return b.first(
        () -> b.emit(new MulticlassHingeGrad(this), b.input(0), b.input(1), b.gradient()));
  }
}
