package io.ventral.graph;

import io.ventral.error.EngineException;
import io.ventral.op.AllReduce;
import io.ventral.op.BatchShard;
import io.ventral.op.Copy;
import io.ventral.op.Emitter;
import io.ventral.op.Op;
import io.ventral.op.Value;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A graph under construction: the only mutable form. Shapes are checked as nodes are added. */
public final class GraphBuilder implements Emitter {
  private final String name;
  private final List<Input> inputs = new ArrayList<>();
  private final List<State> states = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Output> outputs = new ArrayList<>();
  private final Map<Value, Value> updates = new LinkedHashMap<>();
  private final Map<Integer, Node> producers = new HashMap<>();
  private int nextId;
  private String scope = "";
  private int device;

  public GraphBuilder(String name) {
    this.name = name;
  }

  /** Names the layer for the nodes that follow. */
  public GraphBuilder at(String layer) {
    scope = layer;
    return this;
  }

  /** Chooses the device for inputs, states and constants that follow. */
  public GraphBuilder on(int deviceIndex) {
    device = deviceIndex;
    return this;
  }

  /** Returns a new input that holds the whole fed tensor. */
  public Value input(String inputName, TensorType type) {
    return input(inputName, type, Optional.empty());
  }

  /** Returns a new input whose axis 0 is the batch. */
  public Value batchedInput(String inputName, TensorType type) {
    return input(inputName, type, Optional.of(BatchShard.of(type.extent(0), 0, 1)));
  }

  /** Returns a new input that holds the given share of the fed tensor. */
  public Value input(String inputName, TensorType type, Optional<BatchShard> shard) {
    Value value = value(type, device);
    inputs.add(new Input(inputName, value, shard));
    return value;
  }

  /** Returns the initial value of a new state. */
  public Value state(String stateName, StateRole role, TensorType type) {
    Value value = value(type, device);
    states.add(new State(stateName, role, value, value));
    return value;
  }

  /** Declares that the state that begins as {@code initial} ends as {@code last}. */
  public void update(Value initial, Value last) {
    updates.put(initial, last);
  }

  public void output(String outputName, Value value) {
    output(outputName, value, Optional.empty());
  }

  /** Declares an output whose axis 0 is the batch. */
  public void batchedOutput(String outputName, Value value) {
    output(outputName, value, Optional.of(BatchShard.of(value.type().extent(0), 0, 1)));
  }

  public void output(String outputName, Value value, Optional<BatchShard> shard) {
    outputs.add(new Output(outputName, value, shard));
  }

  @Override
  public List<Value> emit(Op op, List<Value> operands) {
    List<TensorType> types = operands.stream().map(Value::type).toList();
    List<TensorType> results;
    try {
      results = op.outputTypes(types);
    } catch (EngineException e) {
      throw new EngineException(
          e.kind(), "%s (%s): %s; given %s".formatted(scope, op.label(), e.getMessage(), types), e);
    }
    List<Integer> targets = targets(op, operands, results.size());
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      values.add(value(results.get(i), targets.get(i)));
    }
    Node node = new Node(op, operands, values, scope);
    nodes.add(node);
    values.forEach(value -> producers.put(value.id(), node));
    return node.outputs();
  }

  private List<Integer> targets(Op op, List<Value> operands, int count) {
    return switch (op) {
      case AllReduce reduce -> reduce.devices();
      case Copy copy -> List.of(copy.device());
      case Op other ->
          Collections.nCopies(count, operands.isEmpty() ? device : operands.getFirst().device());
    };
  }

  private Value value(TensorType type, int onDevice) {
    return new Value(nextId++, type, onDevice);
  }

  /** Returns the nodes added so far. */
  public List<Node> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  /** Returns the node that computes {@code value}, or empty for inputs and states. */
  public Optional<Node> producer(Value value) {
    return Optional.ofNullable(producers.get(value.id()));
  }

  /** Returns the layer named last by {@link #at}. */
  public String scope() {
    return scope;
  }

  /** Returns the finished graph, verified. */
  public Graph build() {
    List<State> finished =
        states.stream()
            .map(
                state ->
                    new State(
                        state.name(),
                        state.role(),
                        state.initial(),
                        updates.getOrDefault(state.initial(), state.last())))
            .toList();
    return GraphVerifier.verified(new Graph(name, inputs, finished, nodes, outputs));
  }
}
