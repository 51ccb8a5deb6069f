package io.ventral.plan;

import io.ventral.graph.Graph;
import io.ventral.graph.Input;
import io.ventral.graph.Node;
import io.ventral.graph.State;
import io.ventral.graph.StateRole;
import io.ventral.op.OptimizerStep;
import io.ventral.op.Value;
import io.ventral.plan.BufferPlan.DeviceBuffers;
import io.ventral.plan.BufferPlan.PreparedOperand;
import io.ventral.tensor.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives every value a place. States, and their new values, lie in the arenas of their roles;
 * gradients that an optimizer step reads lie in the gradient arena in the order of their
 * parameters; what the prologue leaves for the runs, and operands prepared ahead, lie apart for as
 * long as the program is loaded; everything else gets a buffer of the activation arena, taking over
 * that of a dying operand where the kernel allows it.
 */
public final class BufferPlanner {
  private final Graph graph;
  private final int prologue;
  private final BufferRules rules;
  private final boolean reuse;
  private final Uses uses;
  private final Map<Value, Home> homes = new HashMap<>();
  private final Set<State> withGradient = new HashSet<>();
  private final List<List<Interval>> intervals = new ArrayList<>();
  private final List<Map<Integer, Integer>> workspaces = new ArrayList<>();
  private final List<PreparedOperand> prepared = new ArrayList<>();
  private final long[] invariantBytes;

  private BufferPlanner(Graph graph, int prologue, BufferRules rules, boolean reuse) {
    this.graph = graph;
    this.prologue = prologue;
    this.rules = rules;
    this.reuse = reuse;
    this.uses = new Uses(graph, rules);
    this.invariantBytes = new long[graph.devices()];
    for (int device = 0; device < graph.devices(); device++) {
      intervals.add(new ArrayList<>());
      workspaces.add(new HashMap<>());
    }
  }

  /**
   * Returns the plan for a scheduled program.
   *
   * @param reuse false gives every value a buffer of its own for the whole run, which a test
   *     compares with the real plan
   */
  public static BufferPlan plan(Scheduled program, BufferRules rules, boolean reuse) {
    Graph committed = CommitStates.commit(program.graph(), rules);
    return new BufferPlanner(committed, program.prologue(), rules, reuse).plan();
  }

  private BufferPlan plan() {
    for (State state : graph.states()) {
      homes.put(state.initial(), new Home.OfState(state));
      homes.put(state.last(), new Home.OfState(state));
    }
    placeInvariants();
    graph.nodes().forEach(this::placeGradients);
    for (Input input : graph.inputs()) {
      homes.computeIfAbsent(input.value(), value -> newBuffer(value, -1));
    }
    for (int time = 0; time < graph.nodes().size(); time++) {
      place(graph.nodes().get(time), time);
    }
    List<DeviceBuffers> buffers = new ArrayList<>();
    for (int device = 0; device < graph.devices(); device++) {
      buffers.add(buffersOf(device));
    }
    return new BufferPlan(graph, prologue, prepared, homes, buffers);
  }

  private void placeInvariants() {
    for (int time = 0; time < graph.nodes().size(); time++) {
      Node node = graph.nodes().get(time);
      for (Value output : node.outputs()) {
        if (time < prologue && uses.last(output) >= prologue) {
          homes.put(output, new Home.OfInvariant(invariant(output.device(), rules.bytes(output))));
        }
      }
      for (int input = 0; input < node.inputs().size(); input++) {
        long bytes = rules.preparedBytes(node, input);
        if (bytes > 0) {
          long offset = invariant(node.device(), bytes);
          prepared.add(new PreparedOperand(time, input, offset, bytes));
        }
      }
    }
  }

  private long invariant(int device, long bytes) {
    long offset = invariantBytes[device];
    invariantBytes[device] += MemoryPlanner.aligned(bytes);
    return offset;
  }

  /**
   * The gradients of an optimizer step go where the step's parameters have their gradients; of two
   * gradients of one parameter the second stays with the activations.
   */
  private void placeGradients(Node node) {
    if (node.op() instanceof OptimizerStep step) {
      List<Value> parameters = step.parameters(node.inputs());
      List<Value> gradients = step.gradients(node.inputs());
      for (int i = 0; i < parameters.size(); i++) {
        if (homes.get(parameters.get(i)) instanceof Home.OfState(State state)
            && state.role() instanceof StateRole.Parameter
            && isComputed(gradients.get(i))
            && !homes.containsKey(gradients.get(i))
            && withGradient.add(state)) {
          homes.put(gradients.get(i), new Home.OfGradient(state));
        }
      }
    }
  }

  private boolean isComputed(Value value) {
    return graph.inputs().stream().noneMatch(input -> input.value().equals(value));
  }

  private void place(Node node, int time) {
    List<Integer> takenOver = new ArrayList<>();
    for (int output = 0; output < node.outputs().size(); output++) {
      Value value = node.outputs().get(output);
      if (!homes.containsKey(value)) {
        homes.put(value, bufferFor(node, output, time, takenOver));
      }
    }
    long scratch = rules.workspaceBytes(node);
    if (scratch > 0) {
      List<Interval> own = intervals.get(node.device());
      workspaces.get(node.device()).put(time, own.size());
      own.add(new Interval(scratch, time, time));
    }
  }

  private Home bufferFor(Node node, int output, int time, List<Integer> takenOver) {
    Value value = node.outputs().get(output);
    for (int input = 0; reuse && input < node.inputs().size(); input++) {
      Value operand = node.inputs().get(input);
      if (homes.get(operand) instanceof Home.OfBuffer(int buffer)
          && !takenOver.contains(buffer)
          && canTakeOver(node, input, output, time)) {
        takenOver.add(buffer);
        extend(value, buffer);
        return new Home.OfBuffer(buffer);
      }
    }
    return newBuffer(value, time);
  }

  private boolean canTakeOver(Node node, int input, int output, int time) {
    Value operand = node.inputs().get(input);
    Value value = node.outputs().get(output);
    return operand.device() == value.device()
        && operand.type().dtype() != DType.OPAQUE
        && value.type().dtype() != DType.OPAQUE
        && rules.bytes(operand) == rules.bytes(value)
        && uses.last(operand) == time
        && uses.countAt(operand, time) == 1
        && rules.mayOverwrite(node, input, output);
  }

  private Home newBuffer(Value value, int time) {
    List<Interval> own = intervals.get(value.device());
    int last = reuse ? Math.max(uses.last(value), time) : graph.nodes().size();
    own.add(new Interval(rules.bytes(value), reuse ? time : -1, last));
    return new Home.OfBuffer(own.size() - 1);
  }

  private void extend(Value value, int buffer) {
    List<Interval> own = intervals.get(value.device());
    Interval old = own.get(buffer);
    int last = Math.max(old.last(), uses.last(value));
    own.set(buffer, new Interval(old.bytes(), old.first(), last));
  }

  private DeviceBuffers buffersOf(int device) {
    List<Interval> all = intervals.get(device);
    List<Interval> lasting = new ArrayList<>();
    for (int buffer = 0; buffer < all.size(); buffer++) {
      if (!workspaces.get(device).containsValue(buffer)) {
        lasting.add(all.get(buffer));
      }
    }
    return new DeviceBuffers(
        all,
        MemoryPlanner.plan(all),
        workspaces.get(device),
        MemoryPlanner.plan(lasting).bytes(),
        invariantBytes[device]);
  }
}
