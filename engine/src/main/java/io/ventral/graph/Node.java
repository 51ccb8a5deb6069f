package io.ventral.graph;

import io.ventral.op.Op;
import io.ventral.op.Value;
import io.ventral.tensor.TensorType;
import java.util.List;

/**
 * One application of an operation.
 *
 * @param name the layer it comes from and its part in it, such as {@code conv1} or {@code conv1
 *     backward}
 */
public record Node(Op op, List<Value> inputs, List<Value> outputs, String name) {
  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** Returns the types of the inputs. */
  public List<TensorType> inputTypes() {
    return types(inputs);
  }

  /** Returns the types of the outputs. */
  public List<TensorType> outputTypes() {
    return types(outputs);
  }

  private static List<TensorType> types(List<Value> values) {
    return values.stream().map(Value::type).toList();
  }

  /** Returns the device that runs it: that of its first output. */
  public int device() {
    return outputs.getFirst().device();
  }

  /** Returns whether it reads what lies on another device. */
  public boolean crosses() {
    return inputs.stream().anyMatch(input -> input.device() != device());
  }

  @Override
  public String toString() {
    return outputs + " = " + op.label() + inputs + "  # " + name;
  }
}
