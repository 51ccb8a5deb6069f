package io.ventral.place;

import io.ventral.error.EngineException;
import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.Input;
import io.ventral.graph.Node;
import io.ventral.graph.Output;
import io.ventral.graph.State;
import io.ventral.op.AllReduce;
import io.ventral.op.BatchShard;
import io.ventral.op.Op;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Spreads a graph for one device over a mesh, data-parallel: batched inputs are sharded along axis
 * 0, states are replicated, and each node runs where its operands are. What sums over the batch
 * becomes partial; a partial value is all-reduced where something that is not linear first needs
 * it. Backward and update are part of the graph, so gradients need no rule of their own.
 */
public final class Placer {
  private final GraphBuilder builder;
  private final int devices;
  private final Map<Value, PlacedValue> placed = new HashMap<>();

  private Placer(String name, int devices) {
    this.builder = new GraphBuilder(name);
    this.devices = devices;
  }

  /**
   * Returns {@code graph} spread over {@code devices} devices; for one device, the graph itself.
   */
  public static Graph place(Graph graph, int devices) {
    return devices == 1 ? graph : new Placer(graph.name(), devices).place(graph);
  }

  private Graph place(Graph graph) {
    graph.inputs().forEach(this::placeInput);
    graph.states().forEach(this::placeState);
    graph.nodes().forEach(this::placeNode);
    graph.states().stream().filter(State::changes).forEach(this::placeUpdate);
    graph.outputs().forEach(this::placeOutput);
    return builder.build();
  }

  private void placeInput(Input input) {
    Value value = input.value();
    if (input.shard().isEmpty()) {
      replicate(value, device -> builder.on(device).input(input.name(), value.type()));
      return;
    }
    List<Value> parts = new ArrayList<>();
    for (BatchShard shard : shards(value)) {
      builder.on(shard.part());
      parts.add(
          builder.input(
              input.name(),
              value.type().with(value.type().shape().with(0, shard.rows())),
              Optional.of(shard)));
    }
    placed.put(value, new PlacedValue(new Placement.Sharded(0), parts));
  }

  private void placeState(State state) {
    replicate(
        state.initial(),
        device -> builder.on(device).state(state.name(), state.role(), state.type()));
  }

  private void replicate(Value value, IntFunction<Value> onDevice) {
    List<Value> parts = IntStream.range(0, devices).mapToObj(onDevice).toList();
    placed.put(value, new PlacedValue(new Placement.Replicated(), parts));
  }

  /** Returns the shares of a batched value: one a device, but never an empty one. */
  private List<BatchShard> shards(Value value) {
    int batch = value.type().extent(0);
    int parts = Math.min(devices, batch);
    return IntStream.range(0, parts).mapToObj(part -> BatchShard.of(batch, part, parts)).toList();
  }

  private void placeNode(Node node) {
    builder.at(node.name());
    Optional<Value> sharded = node.inputs().stream().filter(this::isSharded).findFirst();
    if (sharded.isPresent()) {
      placeShards(node, shards(sharded.get()), placed.get(sharded.get()).parts().size());
    } else if (node.op().isLinear()
        && !node.inputs().isEmpty()
        && node.inputs().stream().allMatch(input -> placed.get(input).isPartial())) {
      placeParts(node);
    } else {
      placeReplicas(node);
    }
  }

  /** What a kernel saves lies with the shares too, but its shape does not tell their rows. */
  private boolean isSharded(Value value) {
    return placed.get(value).isSharded() && value.type().dtype() != DType.OPAQUE;
  }

  private void placeShards(Node node, List<BatchShard> shards, int parts) {
    List<List<Value>> perPart = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      Op op = sharded(node, shards.get(part));
      perPart.add(builder.emit(op, operands(node, part)));
    }
    record(
        node,
        perPart,
        output ->
            node.op().sumsOverBatch(output) ? new Placement.Partial() : new Placement.Sharded(0));
  }

  private static Op sharded(Node node, BatchShard shard) {
    try {
      return node.op().shard(shard);
    } catch (EngineException e) {
      throw e.in(node.name());
    }
  }

  private void placeParts(Node node) {
    int parts =
        node.inputs().stream().mapToInt(v -> placed.get(v).parts().size()).distinct().count() == 1
            ? placed.get(node.inputs().getFirst()).parts().size()
            : 0;
    if (parts == 0) {
      placeReplicas(node);
      return;
    }
    List<List<Value>> perPart = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      int device = part;
      List<Value> operands =
          node.inputs().stream().map(input -> placed.get(input).parts().get(device)).toList();
      perPart.add(builder.emit(node.op(), operands));
    }
    record(node, perPart, output -> new Placement.Partial());
  }

  private void placeReplicas(Node node) {
    List<List<Value>> perDevice = new ArrayList<>();
    for (int device = 0; device < devices; device++) {
      perDevice.add(builder.on(device).emit(node.op(), operands(node, device)));
    }
    record(node, perDevice, output -> new Placement.Replicated());
  }

  private void record(Node node, List<List<Value>> perPart, IntFunction<Placement> placement) {
    for (int output = 0; output < node.outputs().size(); output++) {
      record(node, output, placement.apply(output), perPart);
    }
  }

  private void record(Node node, int output, Placement placement, List<List<Value>> perPart) {
    Value whole = node.outputs().get(output);
    List<Value> parts = perPart.stream().map(values -> values.get(output)).toList();
    for (Value part : parts) {
      if (!fits(part.type(), whole.type(), placement)) {
        throw EngineException.unsupported(
            "%s (%s): the batch cannot be sharded: a share of %s has type %s"
                .formatted(node.name(), node.op().label(), whole.type(), part.type()));
      }
    }
    placed.put(whole, new PlacedValue(placement, parts));
  }

  /** A share has rows of the whole, everything else is as large as the whole. */
  private static boolean fits(TensorType part, TensorType whole, Placement placement) {
    boolean rows = placement instanceof Placement.Sharded && whole.rank() > 0;
    return part.equals(rows ? whole.with(whole.shape().with(0, part.extent(0))) : whole);
  }

  private List<Value> operands(Node node, int device) {
    node.inputs().forEach(this::reduce);
    return node.inputs().stream().map(input -> placed.get(input).parts().get(device)).toList();
  }

  /** Turns a partial value into a replicated one, once for all its users. */
  private void reduce(Value value) {
    PlacedValue current = placed.get(value);
    if (current.isPartial()) {
      List<Integer> all = IntStream.range(0, devices).boxed().toList();
      List<Value> sums = builder.emit(new AllReduce(all), current.parts());
      placed.put(value, new PlacedValue(new Placement.Replicated(), sums));
    }
  }

  private void placeUpdate(State state) {
    reduce(state.last());
    PlacedValue last = placed.get(state.last());
    if (last.isSharded()) {
      throw EngineException.unsupported(
          "state " + state.name() + " would differ from device to device");
    }
    List<Value> initial = placed.get(state.initial()).parts();
    for (int device = 0; device < devices; device++) {
      builder.update(initial.get(device), last.parts().get(device));
    }
  }

  private void placeOutput(Output output) {
    reduce(output.value());
    PlacedValue value = placed.get(output.value());
    if (!value.isSharded()) {
      builder.output(output.name(), value.parts().getFirst());
      return;
    }
    for (BatchShard shard : shards(output.value())) {
      builder.output(output.name(), value.parts().get(shard.part()), Optional.of(shard));
    }
  }
}
