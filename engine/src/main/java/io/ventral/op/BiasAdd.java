package io.ventral.op;

import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Adds bias [C] to every position of x [N,C,…]: y[n,c,…] = x[n,c,…] + bias[c]. The bias is FLOAT32
 * where x has 16 bits.
 */
public record BiasAdd() implements Op {
  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 2);
    Signature.atLeastRank("input", inputs.get(0), 2);
    Signature.vector("bias", inputs.get(1), inputs.get(0).extent(1));
    Signature.dtype("bias", inputs.get(1), inputs.get(0).dtype().accumulator());
    return List.of(inputs.getFirst());
  }

  @Override
  public boolean isPerChannel(int input) {
    return input == 1;
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    return b.result(b.when(0, b::gradient), b.when(1, () -> b.emit(new BiasGrad(), b.gradient())));
  }
}
