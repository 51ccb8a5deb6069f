package io.ventral.run;

import io.ventral.backend.Device;
import io.ventral.error.EngineException;
import io.ventral.graph.Node;
import io.ventral.graph.State;
import io.ventral.op.Value;
import io.ventral.plan.StateLayout;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Several executables over one set of states and one activation arena, on open devices. All memory
 * is taken when the session opens and none while it runs. States begin undefined until written.
 */
public final class Session implements AutoCloseable {
  private final List<Device> devices;
  private final List<Arenas> arenas = new ArrayList<>();
  private final IdentityHashMap<Executable, LoadedExecutable> loaded = new IdentityHashMap<>();
  private final IdentityHashMap<LoadedExecutable, LoadedExecutable[]> outdated =
      new IdentityHashMap<>();

  /** Sees the results of single nodes. */
  @FunctionalInterface
  public interface Observer {
    /**
     * Called after {@code node} ran, for each of its results; the tensor is valid during the call.
     */
    void observe(Node node, Value value, HostTensor result);
  }

  private Session(List<Device> devices) {
    this.devices = List.copyOf(devices);
  }

  /**
   * Returns a session; closing it closes the devices too.
   *
   * @throws EngineException RESOURCE if a device has not enough memory, naming arena and bytes
   */
  public static Session open(List<Device> devices, List<Executable> executables) {
    Session session = new Session(devices);
    try {
      for (int index = 0; index < devices.size(); index++) {
        session.arenas.add(new Arenas(devices.get(index), index, executables));
      }
      for (Executable executable : executables) {
        session.loaded.put(executable, new LoadedExecutable(executable, session.arenas));
      }
      session.loaded.values().forEach(session::findOutdated);
      return session;
    } catch (EngineException e) {
      session.close();
      throw e;
    }
  }

  private void findOutdated(LoadedExecutable changing) {
    outdated.put(changing, dependents(changing.changedStates()).toArray(LoadedExecutable[]::new));
  }

  private List<LoadedExecutable> dependents(Set<String> states) {
    return loaded.values().stream().filter(other -> other.dependsOn(states)).toList();
  }

  /** Returns the outputs of one run; they are valid until the next run of {@code executable}. */
  public Fetches run(Executable executable, Feeds feeds) {
    LoadedExecutable ready = loaded.get(executable);
    ready.upload(feeds);
    ready.launch();
    outdate(outdated.get(ready));
    return ready.download();
  }

  /**
   * Launches one run and returns its outputs to come, so that the next run can be launched before
   * they are waited for. The feeds are the caller's again.
   */
  public Pending launch(Executable executable, Feeds feeds) {
    LoadedExecutable ready = loaded.get(executable);
    ready.upload(feeds);
    ready.launch();
    outdate(outdated.get(ready));
    return ready.fetchLate();
  }

  private static void outdate(LoadedExecutable[] programs) {
    for (LoadedExecutable program : programs) {
      program.outdate();
    }
  }

  /** Returns the outputs of one run, showing each node's results to {@code observer} as it goes. */
  public Fetches trace(Executable executable, Feeds feeds, Observer observer) {
    LoadedExecutable ready = loaded.get(executable);
    ready.upload(feeds);
    ready.launch(observer);
    outdate(outdated.get(ready));
    return ready.download();
  }

  /** Returns how long each node takes: the medians over {@code steps} runs. */
  public StepTimings time(Executable executable, Feeds feeds, int steps) {
    LoadedExecutable ready = loaded.get(executable);
    StepTimings timings = ready.time(feeds, steps);
    outdate(outdated.get(ready));
    return timings;
  }

  /** Returns the types of the states by name, in the order of their declaration. */
  public Map<String, TensorType> states() {
    Map<String, TensorType> types = new LinkedHashMap<>();
    layout().states().forEach((name, state) -> types.put(name, state.type()));
    return types;
  }

  /** Returns a copy of a state, from the first device. */
  public HostTensor read(String name) {
    State state = state(name);
    HostTensor tensor = HostTensor.zeros(state.type());
    devices.getFirst().download(arenas.getFirst().region(state), tensor, 0);
    return tensor;
  }

  /** Sets a state on every device. */
  public void write(String name, HostTensor tensor) {
    State state = state(name);
    if (!state.type().shape().equals(tensor.type().shape())) {
      throw EngineException.internal(
          "state %s is %s, written as %s".formatted(name, state.type(), tensor.type()));
    }
    for (Arenas arena : arenas) {
      arena.device().upload(tensor, 0, arena.region(state));
    }
    dependents(Set.of(name)).forEach(LoadedExecutable::outdate);
  }

  private State state(String name) {
    State state = layout().states().get(name);
    if (state == null) {
      throw EngineException.internal("no state is called " + name);
    }
    return state;
  }

  private StateLayout layout() {
    return arenas.getFirst().layout();
  }

  /** Overwrites all activations with NaN, so that a test sees what is read before it is written. */
  public void poisonActivations() {
    arenas.forEach(Arenas::poisonActivations);
  }

  /** Returns the bytes allocated on device {@code index} of the mesh. */
  public long allocatedBytes(int index) {
    return arenas.get(index).bytes();
  }

  @Override
  public void close() {
    loaded.values().forEach(LoadedExecutable::close);
    devices.forEach(Device::close);
  }
}
