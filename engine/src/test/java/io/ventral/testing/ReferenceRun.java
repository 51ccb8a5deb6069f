package io.ventral.testing;

import io.ventral.backend.Device;
import io.ventral.backend.reference.ReferenceDevice;
import io.ventral.graph.Graph;
import io.ventral.graph.Input;
import io.ventral.graph.State;
import io.ventral.op.Value;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import io.ventral.run.Compiler;
import io.ventral.run.Executable;
import io.ventral.run.Feeds;
import io.ventral.run.Fetches;
import io.ventral.run.Session;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** A graph compiled and loaded on reference devices, spoken to in row-major arrays. */
public final class ReferenceRun implements AutoCloseable {
  private final Graph graph;
  private final List<Device> devices;
  private final Executable executable;
  private final Session session;
  private final Map<String, HostTensor> fed = new HashMap<>();
  private Fetches fetches;

  private ReferenceRun(Graph graph, List<Device> devices, Compiler compiler) {
    this.graph = graph;
    this.devices = devices;
    executable = compiler.compile(graph);
    session = Session.open(devices, List.of(executable));
  }

  /** Returns the graph on one device. */
  public static ReferenceRun of(Graph graph) {
    return on(1, graph);
  }

  /** Returns the graph spread over that many devices. */
  public static ReferenceRun on(int count, Graph graph) {
    List<Device> devices = devices(count);
    return new ReferenceRun(graph, devices, new Compiler(devices));
  }

  /** Returns the graph on one device, every value in memory of its own. */
  public static ReferenceRun plain(Graph graph) {
    List<Device> devices = devices(1);
    return new ReferenceRun(graph, devices, Compiler.plain(devices));
  }

  private static List<Device> devices(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new DeviceId(DeviceKind.REFERENCE, i))
        .<Device>map(id -> new ReferenceDevice(id, 1))
        .toList();
  }

  /** Feeds an input from the next run on. */
  public ReferenceRun feed(String input, double... rowMajor) {
    HostTensor old = fed.put(input, HostTensor.ofRowMajor(inputType(input), rowMajor));
    if (old != null) {
      old.close();
    }
    return this;
  }

  /** Returns the number of elements of an input. */
  public long elements(String input) {
    return inputType(input).elements();
  }

  private TensorType inputType(String input) {
    return graph.inputs().stream()
        .filter(candidate -> candidate.name().equals(input))
        .map(Input::value)
        .map(Value::type)
        .findFirst()
        .orElseThrow();
  }

  /** Feeds an input, or writes a state, of that name. */
  public ReferenceRun set(String name, double... rowMajor) {
    return graph.state(name).isPresent() ? write(name, rowMajor) : feed(name, rowMajor);
  }

  /** Sets a state. */
  public ReferenceRun write(String state, double... rowMajor) {
    TensorType type = graph.state(state).map(State::type).orElseThrow();
    try (HostTensor tensor = HostTensor.ofRowMajor(type, rowMajor)) {
      session.write(state, tensor);
    }
    return this;
  }

  /** Returns the names of all inputs and states, each once. */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    graph.inputs().forEach(input -> names.add(input.name()));
    graph.states().forEach(state -> names.add(state.name()));
    return names;
  }

  /** Runs once; activations are NaN before, so nothing can live on what an earlier run left. */
  public ReferenceRun run() {
    session.poisonActivations();
    Feeds feeds = new Feeds();
    fed.forEach(feeds::with);
    fetches = session.run(executable, feeds);
    return this;
  }

  /** Returns an output of the last run. */
  public double[] output(String name) {
    return fetches.get(name).toRowMajor();
  }

  /** Returns a state as it is now. */
  public double[] state(String name) {
    try (HostTensor tensor = session.read(name)) {
      return tensor.toRowMajor();
    }
  }

  /** Returns every output and state by name. */
  public Map<String, double[]> results() {
    Map<String, double[]> results = new LinkedHashMap<>();
    graph.outputs().forEach(output -> results.put(output.name(), output(output.name())));
    graph.states().forEach(state -> results.put("state " + state.name(), state(state.name())));
    return results;
  }

  public Session session() {
    return session;
  }

  public Executable executable() {
    return executable;
  }

  public List<Device> devices() {
    return devices;
  }

  @Override
  public void close() {
    fed.values().forEach(HostTensor::close);
    session.close();
  }
}
