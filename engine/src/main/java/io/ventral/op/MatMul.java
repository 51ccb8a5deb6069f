package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Matrix product a [M,K] · b [K,N] = y [M,N]; an operand marked transposed is given as [K,M] or
 * [N,K]. A fully connected layer on rank 2 is a [N,K] times its weights [O,K] transposed.
 *
 * @param accumulated whether y has the format in which it is summed, FLOAT32 for factors of 16
 *     bits: so are the gradients of weights
 */
public record MatMul(boolean transposeA, boolean transposeB, boolean accumulated) implements Op {
  /** A product in the format of its factors. */
  public MatMul(boolean transposeA, boolean transposeB) {
    this(transposeA, transposeB, false);
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 2);
    TensorType a = inputs.get(0);
    TensorType b = inputs.get(1);
    Signature.rank("left matrix", a, 2);
    Signature.rank("right matrix", b, 2);
    Signature.dtype("right matrix", b, a.dtype());
    Signature.floating("left matrix", a);
    int depth = a.extent(transposeA ? 0 : 1);
    if (depth != b.extent(transposeB ? 1 : 0)) {
      throw EngineException.user(
          "inner extents differ: %d on the left, %d on the right"
              .formatted(depth, b.extent(transposeB ? 1 : 0)));
    }
    DType dtype = accumulated ? a.dtype().accumulator() : a.dtype();
    return List.of(
        TensorType.of(dtype, a.extent(transposeA ? 1 : 0), b.extent(transposeB ? 0 : 1)));
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    return b.result(b.when(0, () -> gradientOfA(b)), b.when(1, () -> gradientOfB(b)));
  }

  private Value gradientOfA(Backward b) {
    return transposeA
        ? b.emit(new MatMul(transposeB, true), b.input(1), b.gradient())
        : b.emit(new MatMul(false, !transposeB), b.gradient(), b.input(1));
  }

  /** The right factor is taken for the weights. */
  private Value gradientOfB(Backward b) {
    return transposeB
        ? b.emit(new MatMul(true, transposeA, true), b.gradient(), b.input(0))
        : b.emit(new MatMul(!transposeA, false, true), b.input(0), b.gradient());
  }

  @Override
  public long multiplyAdds(List<TensorType> inputs, List<TensorType> outputs) {
    return outputs.getFirst().elements() * inputs.getFirst().extent(transposeA ? 0 : 1);
  }

  /** With a transposed left matrix the inner axis is the batch. */
  @Override
  public boolean sumsOverBatch(int output) {
    return transposeA;
  }

  @Override
  public String label() {
    return "MatMul" + (transposeA ? " Aᵀ" : " A") + (transposeB ? "·Bᵀ" : "·B");
  }
}
