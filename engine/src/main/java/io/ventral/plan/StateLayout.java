package io.ventral.plan;

import io.ventral.error.EngineException;
import io.ventral.graph.Graph;
import io.ventral.graph.State;
import io.ventral.graph.StateRole;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Where the states lie that several programs share: one arena a role and device, states in the
 * order in which the programs first declare them. All slots of an optimizer thus have the order of
 * the parameters, and one kernel can walk them together.
 */
public final class StateLayout {
  /** One arena of states of one role. */
  public static final class Section {
    private final Map<String, Long> offsets = new LinkedHashMap<>();
    private long bytes;

    /** Returns the first byte of the named state. */
    public long offset(String state) {
      return offsets.get(state);
    }

    /** Returns the size of the arena. */
    public long bytes() {
      return bytes;
    }
  }

  private final List<Map<StateRole, Section>> devices = new ArrayList<>();
  private final Map<String, State> states = new LinkedHashMap<>();

  private StateLayout() {}

  /**
   * Returns the layout for the states of these programs.
   *
   * @param bytes the size of a value on its device
   * @throws EngineException INTERNAL if two programs disagree on a state
   */
  public static StateLayout of(List<Graph> graphs, ToLongFunction<TensorType> bytes) {
    StateLayout layout = new StateLayout();
    for (Graph graph : graphs) {
      graph.states().forEach(state -> layout.add(state, bytes.applyAsLong(state.type())));
    }
    return layout;
  }

  private void add(State state, long bytes) {
    State known = states.putIfAbsent(state.name(), state);
    if (known != null
        && !(known.type().equals(state.type()) && known.role().equals(state.role()))) {
      throw EngineException.internal(
          "state %s is %s in one program and %s in another"
              .formatted(state.name(), known.type(), state.type()));
    }
    while (devices.size() <= state.device()) {
      devices.add(new HashMap<>());
    }
    Section section =
        devices.get(state.device()).computeIfAbsent(state.role(), role -> new Section());
    if (section.offsets.putIfAbsent(state.name(), section.bytes) == null) {
      section.bytes += MemoryPlanner.aligned(bytes);
    }
  }

  /** Returns the arenas of one device by role. */
  public Map<StateRole, Section> sections(int device) {
    return device < devices.size() ? Map.copyOf(devices.get(device)) : Map.of();
  }

  /**
   * Returns the states by name, in the order of their declaration, each as its first program has
   * it.
   */
  public Map<String, State> states() {
    return Collections.unmodifiableMap(states);
  }
}
