package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * One update of all trained parameters at once.
 *
 * <p>Inputs: the learning rate (a scalar of the parameters' format), the flag {@code apply} (i32),
 * the number of steps applied before (i64), the loss scale (as the rate), then the parameters,
 * their gradients, and each slot of all parameters in turn. Outputs: parameters, slots and the
 * number of steps applied so far. The rules' g is the gradient divided by the loss scale. Where
 * {@code apply} is 0 every output equals its input. {@code segments} has one entry a parameter.
 */
public sealed interface OptimizerStep extends Op
    permits AdamStep, AlexNetStep, RmsPropStep, SgdStep {
  /** The number of steps applied before, among the inputs. */
  int APPLIED = 2;

  /** The loss scale among the inputs. */
  int SCALE = 3;

  /** Inputs in front of the first parameter. */
  int HEAD = 4;

  List<Segment> segments();

  /**
   * Returns the names of the slots, such as {@code momentum}; each is as large as the parameters.
   */
  List<String> slots();

  /** Returns the parameters among the inputs (or their types). */
  default <T> List<T> parameters(List<T> inputs) {
    return part(inputs, HEAD, 0);
  }

  /** Returns the gradients among the inputs, in the order of the parameters. */
  default <T> List<T> gradients(List<T> inputs) {
    return part(inputs, HEAD, 1);
  }

  /** Returns slot {@code slot} of every parameter among the inputs. */
  default <T> List<T> slot(List<T> inputs, int slot) {
    return part(inputs, HEAD, 2 + slot);
  }

  /** Returns the updated parameters among the outputs. */
  default <T> List<T> newParameters(List<T> outputs) {
    return part(outputs, 0, 0);
  }

  /** Returns slot {@code slot} of every parameter among the outputs. */
  default <T> List<T> newSlot(List<T> outputs, int slot) {
    return part(outputs, 0, 1 + slot);
  }

  /** Returns whether {@code output} is the new value of {@code input}: parameter, slot or count. */
  default boolean replaces(int input, int output) {
    int count = segments().size();
    int place = input - HEAD;
    if (place < 0) {
      return input == APPLIED && output == count * (1 + slots().size());
    }
    // Among the inputs, unlike the outputs, the gradients lie between parameters and slots.
    return place < count ? output == place : place >= 2 * count && output == place - count;
  }

  private <T> List<T> part(List<T> values, int head, int index) {
    int count = segments().size();
    return values.subList(head + index * count, head + (index + 1) * count);
  }

  @Override
  default List<TensorType> outputTypes(List<TensorType> inputs) {
    int count = segments().size();
    if (count == 0) {
      throw EngineException.user("there is no parameter to train");
    }
    Signature.count(inputs, HEAD + count * (2 + slots().size()));
    List<TensorType> parameters = parameters(inputs);
    Signature.scalar("learning rate", inputs.get(0), parameters.getFirst().dtype());
    Signature.scalar("apply", inputs.get(1), DType.INT32);
    Signature.scalar("applied steps", inputs.get(APPLIED), DType.INT64);
    Signature.scalar("loss scale", inputs.get(SCALE), parameters.getFirst().dtype());
    List<TensorType> outputs = new ArrayList<>(parameters);
    for (int i = 0; i < count; i++) {
      Signature.same("gradient " + i, gradients(inputs).get(i), parameters.get(i));
      for (int slot = 0; slot < slots().size(); slot++) {
        Signature.same(slots().get(slot) + " " + i, slot(inputs, slot).get(i), parameters.get(i));
      }
    }
    slots().forEach(slot -> outputs.addAll(parameters));
    outputs.add(inputs.get(APPLIED));
    return outputs;
  }
}
