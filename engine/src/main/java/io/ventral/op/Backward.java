package io.ventral.op;

import io.ventral.error.EngineException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a gradient rule sees: the forward application of an operation and the gradients that arrive
 * at its outputs.
 *
 * @param gradients one for each output; empty where nothing arrives
 * @param wanted one for each input: whether its gradient is asked for
 */
public record Backward(
    Emitter emitter,
    List<Value> inputs,
    List<Value> outputs,
    List<Optional<Value>> gradients,
    List<Boolean> wanted) {

  public Value input(int index) {
    return inputs.get(index);
  }

  public Value output(int index) {
    return outputs.get(index);
  }

  /** Returns the gradient that arrives at output 0. */
  public Value gradient() {
    return gradients
        .getFirst()
        .orElseThrow(() -> EngineException.internal("no gradient arrives at the first output"));
  }

  public boolean wants(int input) {
    return wanted.get(input);
  }

  /** Returns the first output of {@code op}, emitted into the graph of the backward pass. */
  public Value emit(Op op, Value... values) {
    return emitter.emit(op, values);
  }

  /** Returns the gradient of {@code input}, computed only if it is wanted. */
  public Optional<Value> when(int input, Supplier<Value> gradient) {
    return wants(input) ? Optional.of(gradient.get()) : Optional.empty();
  }

  /** Returns gradients for the inputs from the first on; the rest of the inputs get none. */
  @SafeVarargs
  public final List<Optional<Value>> result(Optional<Value>... first) {
    List<Optional<Value>> all =
        new ArrayList<>(Collections.nCopies(inputs.size(), Optional.empty()));
    for (int i = 0; i < first.length; i++) {
      all.set(i, first[i]);
    }
    return List.copyOf(all);
  }

  /** Returns {@code gradient} for input 0 and none for the others. */
  public List<Optional<Value>> first(Supplier<Value> gradient) {
    return result(when(0, gradient));
  }
}
