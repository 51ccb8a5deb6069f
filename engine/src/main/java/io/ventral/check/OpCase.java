package io.ventral.check;

import io.ventral.op.Constant;
import io.ventral.op.NormalizeBytes;
import io.ventral.op.Op;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Philox;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * An operation with inputs to try it on. The values depend on the name and on the position of the
 * operand alone, so every backend sees the same.
 */
public record OpCase(String name, Op op, List<Operand> inputs) {
  public OpCase {
    inputs = List.copyOf(inputs);
  }

  static OpCase of(String name, Op op, Operand... inputs) {
    return new OpCase(name, op, List.of(inputs));
  }

  /** Returns the name of the operation, such as {@code Conv2d}. */
  public String operation() {
    return op.getClass().getSimpleName();
  }

  public List<TensorType> inputTypes() {
    return inputs.stream().map(Operand::type).toList();
  }

  public List<TensorType> outputTypes() {
    return op.outputTypes(inputTypes());
  }

  /** Returns a new tensor with the values of an input, rounded to its format. */
  public HostTensor tensor(int input) {
    Operand operand = inputs.get(input);
    int count = Math.toIntExact(operand.type().elements());
    int purpose = Philox.purpose(name + ":" + input);
    return HostTensor.ofRowMajor(
        operand.type(), operand.fill().values(new Philox(0), purpose, count));
  }

  /**
   * Returns this case with its floating-point values in another format, and the same name. Where
   * that has 16 bits, a number for each channel is FLOAT32, as in training.
   */
  public OpCase as(DType dtype) {
    Op converted = converted(dtype);
    List<Operand> operands = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      operands.add(inputs.get(i).as(op.isPerChannel(i) ? dtype.accumulator() : dtype));
    }
    return new OpCase(name, converted, operands);
  }

  private Op converted(DType dtype) {
    if (op instanceof Constant(TensorType type, double value) && type.dtype().isFloating()) {
      return new Constant(type.with(dtype), value);
    }
    return op instanceof NormalizeBytes(DType ignored, List<Double> mean, List<Double> std)
        ? new NormalizeBytes(dtype, mean, std)
        : op;
  }

  @Override
  public String toString() {
    return name;
  }
}
