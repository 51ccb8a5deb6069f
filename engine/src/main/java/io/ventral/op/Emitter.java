package io.ventral.op;

import java.util.List;

/** Where operations are added: a graph under construction. */
public interface Emitter {
  /**
   * Returns the outputs of {@code op} applied to {@code inputs}.
   *
   * @throws io.ventral.error.EngineException USER if the types do not fit, naming layer and types
   */
  List<Value> emit(Op op, List<Value> inputs);

  /** Returns the first output of {@code op} applied to {@code inputs}. */
  default Value emit(Op op, Value... inputs) {
    return emit(op, List.of(inputs)).getFirst();
  }
}
