package io.ventral.graph;

import java.util.List;
import java.util.Optional;

/** A program: inputs and states in, nodes in order, states and outputs out. */
public record Graph(
    String name, List<Input> inputs, List<State> states, List<Node> nodes, List<Output> outputs) {
  public Graph {
    inputs = List.copyOf(inputs);
    states = List.copyOf(states);
    nodes = List.copyOf(nodes);
    outputs = List.copyOf(outputs);
  }

  /** Returns the state of that name on the first device that has it. */
  public Optional<State> state(String state) {
    return states.stream().filter(candidate -> candidate.name().equals(state)).findFirst();
  }

  /** Returns a value id that no value of this graph has, nor any higher one. */
  public int nextId() {
    int highest = -1;
    for (Input input : inputs) {
      highest = Math.max(highest, input.value().id());
    }
    for (State state : states) {
      highest = Math.max(highest, state.initial().id());
    }
    for (Node node : nodes) {
      for (var output : node.outputs()) {
        highest = Math.max(highest, output.id());
      }
    }
    return highest + 1;
  }

  /** Returns the number of devices the graph spans. */
  public int devices() {
    int last = 0;
    for (Input input : inputs) {
      last = Math.max(last, input.value().device());
    }
    for (State state : states) {
      last = Math.max(last, state.device());
    }
    for (Node node : nodes) {
      last = Math.max(last, node.device());
    }
    return last + 1;
  }
}
