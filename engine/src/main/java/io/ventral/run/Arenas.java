package io.ventral.run;

import io.ventral.backend.Device;
import io.ventral.backend.Memory;
import io.ventral.backend.Region;
import io.ventral.graph.State;
import io.ventral.graph.StateRole;
import io.ventral.op.Value;
import io.ventral.plan.BufferPlan.PreparedOperand;
import io.ventral.plan.Home;
import io.ventral.plan.StateLayout;
import io.ventral.tensor.TensorType;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The memory of a session on one device: an arena for each role of state, for gradients,
 * activations, and what each executable keeps from run to run.
 */
final class Arenas {
  private final Device device;
  private final int index;
  private final StateLayout layout;
  private final Map<StateRole, Memory> states = new HashMap<>();
  private final Memory gradients;
  private final Memory activations;
  private final Memory inputs;
  private final IdentityHashMap<Executable, Memory> invariants = new IdentityHashMap<>();

  Arenas(Device device, int index, List<Executable> executables) {
    this.device = device;
    this.index = index;
    this.layout = MemoryUse.layout(device, executables);
    MemoryUse use = MemoryUse.of(device, index, executables);
    layout
        .sections(index)
        .forEach((role, section) -> states.put(role, device.allocate(name(role), section.bytes())));
    gradients = device.allocate("gradients", use.gradientBytes());
    activations = device.allocate("activations", use.activationBytes() + use.workspaceBytes());
    inputs = device.allocate("inputs", use.inputBytes());
    for (Executable executable : executables) {
      long bytes = MemoryUse.preparedBytes(executable, index);
      invariants.put(executable, device.allocate("prepared parameters", bytes));
    }
  }

  private static String name(StateRole role) {
    return switch (role) {
      case StateRole.Parameter parameter -> "parameters";
      case StateRole.Slot slot -> "optimizer slot " + slot.name();
      case StateRole.Statistic statistic -> "running statistics";
      case StateRole.LossScale scale -> "loss scale";
      case StateRole.Counter counter -> "counters";
    };
  }

  /** Returns where {@code value} of an executable lies. */
  Region region(Executable executable, Value value) {
    long bytes = executable.bytes(value);
    return switch (executable.plan().homes().get(value)) {
      case Home.OfState(State state) -> region(state, value.type());
      case Home.OfGradient(State parameter) ->
          new Region(gradients, offset(parameter), bytes, value.type());
      case Home.OfInvariant(long offset) ->
          new Region(invariants.get(executable), offset, bytes, value.type());
      case Home.OfBuffer(int buffer) ->
          new Region(activations, executable.plan().offset(index, buffer), bytes, value.type());
    };
  }

  /** Returns where an operand lies that was prepared ahead. */
  Region region(Executable executable, PreparedOperand operand) {
    return new Region(
        invariants.get(executable), operand.offset(), operand.bytes(), TensorType.opaque());
  }

  Region region(State state) {
    return region(state, state.type());
  }

  private Region region(State state, TensorType type) {
    return new Region(states.get(state.role()), offset(state), device.bytes(type), type);
  }

  private long offset(State state) {
    return layout.sections(index).get(state.role()).offset(state.name());
  }

  /** Returns the scratch of the node at {@code time}; empty where the kernel asked for none. */
  Region workspace(Executable executable, int time) {
    var buffers = executable.plan().buffers().get(index);
    Integer buffer = buffers.workspaces().get(time);
    return buffer == null
        ? new Region(activations, 0, 0, TensorType.opaque())
        : new Region(
            activations,
            buffers.plan().offsets().get(buffer),
            buffers.intervals().get(buffer).bytes(),
            TensorType.opaque());
  }

  /** Returns where inputs await their run. */
  Region waiting() {
    return new Region(inputs, 0, inputs.bytes(), TensorType.opaque());
  }

  /** Overwrites all activations with NaN. */
  void poisonActivations() {
    device.poison(new Region(activations, 0, activations.bytes(), TensorType.opaque()));
  }

  /** Returns the bytes allocated. */
  long bytes() {
    return states.values().stream().mapToLong(Memory::bytes).sum()
        + invariants.values().stream().mapToLong(Memory::bytes).sum()
        + gradients.bytes()
        + activations.bytes()
        + inputs.bytes();
  }

  StateLayout layout() {
    return layout;
  }

  Device device() {
    return device;
  }
}
