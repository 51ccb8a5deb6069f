package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.TensorType;
import java.util.List;

/**
 * Sum of the weights [N] of the samples whose label [N] (i64) is among the {@code k} best scores
 * [N,K]; a scalar. The rank of a label is the number of classes with a higher score, or with an
 * equal score and a lower index; a NaN ranks below every number.
 */
public record TopKCount(int k) implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 3);
    TensorType scores = inputs.getFirst();
    Signature.scoresAndLabels(scores, inputs.get(1));
    Signature.vector("weights", inputs.get(2), scores.extent(0));
    if (k < 1 || k > scores.extent(1)) {
      throw EngineException.user("k is " + k + ", but there are " + scores.extent(1) + " classes");
    }
    return List.of(TensorType.of(inputs.get(2).dtype()));
  }

  @Override
  public boolean sumsOverBatch(int output) {
    return true;
  }

  @Override
  public String label() {
    return "TopKCount k " + k;
  }
}
