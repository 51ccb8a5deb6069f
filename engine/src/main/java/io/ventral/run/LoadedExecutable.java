package io.ventral.run;

import io.ventral.backend.Device;
import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.Region;
import io.ventral.error.EngineException;
import io.ventral.graph.Input;
import io.ventral.graph.Node;
import io.ventral.graph.Output;
import io.ventral.op.BatchShard;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An executable with its operands in place: upload, launch, download. */
final class LoadedExecutable {
  private static final double NANOS = 1e9;

  private final Executable executable;
  private final List<Arenas> arenas;
  private final List<Launch> launches = new ArrayList<>();
  private final Upload[] uploads;
  private final Stretch[] stretches;
  private final Download[] downloads;
  private final Map<String, HostTensor> fetched = new LinkedHashMap<>();
  private final Fetches fetches = new Fetches(fetched);

  LoadedExecutable(Executable executable, List<Arenas> arenas) {
    this.executable = executable;
    this.arenas = arenas;
    List<Node> nodes = executable.graph().nodes();
    for (int time = 0; time < nodes.size(); time++) {
      launches.add(executable.kernel(nodes.get(time)).place(operands(nodes.get(time), time)));
    }
    stretches = stretches().toArray(Stretch[]::new);
    for (Output output : executable.graph().outputs()) {
      fetched.merge(
          output.name(), HostTensor.zeros(output.value().type()), LoadedExecutable::joined);
    }
    uploads = executable.graph().inputs().stream().map(this::upload).toArray(Upload[]::new);
    downloads = executable.graph().outputs().stream().map(this::download).toArray(Download[]::new);
  }

  /** Returns a tensor that holds the rows of both, which it replaces. */
  private static HostTensor joined(HostTensor first, HostTensor second) {
    try (first;
        second) {
      Shape shape = first.type().shape();
      int rows = first.type().extent(0) + second.type().extent(0);
      return HostTensor.zeros(first.type().with(shape.with(0, rows)));
    }
  }

  private Operands operands(Node node, int time) {
    return new Operands(
        node.inputs().stream().map(this::region).toList(),
        node.outputs().stream().map(this::region).toList(),
        arenas.get(node.device()).workspace(executable, time));
  }

  private Region region(Value value) {
    return arenas.get(value.device()).region(executable, value);
  }

  private Upload upload(Input input) {
    Shape shape = input.value().type().shape();
    long first = first(input.shard(), shape);
    Device device = arenas.get(input.value().device()).device();
    return new Upload(
        input.name(), device, region(input.value()), input.shard().isPresent(), first);
  }

  private Download download(Output output) {
    return new Download(
        arenas.get(output.value().device()).device(),
        region(output.value()),
        fetched.get(output.name()),
        first(output.shard(), output.value().type().shape()));
  }

  /** Returns the memory index in the whole tensor at which a shard begins. */
  private static long first(Optional<BatchShard> shard, Shape shape) {
    return shard.map(rows -> rows.firstRow() * shape.elementsPerSample()).orElse(0L);
  }

  /**
   * An input on its way to a device.
   *
   * @param shared whether the region holds some rows of the tensor alone, from memory index {@code
   *     first} on
   */
  private record Upload(String input, Device device, Region region, boolean shared, long first) {
    void from(Feeds feeds) {
      HostTensor tensor = feeds.get(input);
      if (!fits(tensor.type().shape())) {
        throw EngineException.internal(
            "input %s is fed %s, expected %s".formatted(input, tensor.type(), region.type()));
      }
      device.upload(tensor, first, region);
    }

    private boolean fits(Shape fed) {
      Shape expected = region.type().shape();
      boolean fits = fed.rank() == expected.rank();
      for (int axis = shared ? 1 : 0; fits && axis < fed.rank(); axis++) {
        fits = fed.extent(axis) == expected.extent(axis);
      }
      return fits;
    }
  }

  /** An output on its way to the host, to memory index {@code first} of {@code target} and on. */
  private record Download(Device device, Region region, HostTensor target, long first) {}

  void upload(Feeds feeds) {
    for (Upload upload : uploads) {
      upload.from(feeds);
    }
  }

  void launch() {
    for (Stretch stretch : stretches) {
      stretch.device().run(stretch);
    }
  }

  Fetches download() {
    for (Download download : downloads) {
      download.device().download(download.region(), download.target(), download.first());
    }
    return fetches;
  }

  /** Launches in a row on one device, from node {@code first} on. */
  private record Stretch(Device device, int first, Launch[] launches) implements Runnable {
    @Override
    public void run() {
      for (Launch launch : launches) {
        launch.run();
      }
    }
  }

  private List<Stretch> stretches() {
    List<Node> nodes = executable.graph().nodes();
    List<Stretch> found = new ArrayList<>();
    for (int begin = 0, end; begin < nodes.size(); begin = end) {
      int device = nodes.get(begin).device();
      end = begin;
      while (end < nodes.size() && nodes.get(end).device() == device) {
        end++;
      }
      found.add(
          new Stretch(
              arenas.get(device).device(),
              begin,
              launches.subList(begin, end).toArray(Launch[]::new)));
    }
    return found;
  }

  /** Launches node by node and shows each node's results, downloaded, to {@code observer}. */
  void launch(Session.Observer observer) {
    List<Node> nodes = executable.graph().nodes();
    for (int time = 0; time < nodes.size(); time++) {
      Node node = nodes.get(time);
      arenas.get(node.device()).device().run(launches.get(time)::run);
      for (Value value : node.outputs()) {
        if (value.type().dtype() != DType.OPAQUE) {
          try (HostTensor tensor = HostTensor.zeros(value.type())) {
            arenas.get(value.device()).device().download(region(value), tensor, 0);
            observer.observe(node, value, tensor);
          }
        }
      }
    }
  }

  /** Launches node by node, {@code steps} times, and returns each node's median time. */
  StepTimings time(int steps) {
    List<Node> nodes = executable.graph().nodes();
    long[][] nanos = new long[nodes.size()][steps];
    for (int step = 0; step < steps; step++) {
      int column = step;
      for (Stretch stretch : stretches) {
        stretch.device().run(() -> time(stretch, nanos, column));
      }
    }
    List<StepTimings.NodeTiming> timings = new ArrayList<>();
    for (int time = 0; time < nodes.size(); time++) {
      Arrays.sort(nanos[time]);
      Node node = nodes.get(time);
      timings.add(
          new StepTimings.NodeTiming(
              node, executable.kernel(node).implementation(), nanos[time][steps / 2] / NANOS));
    }
    return new StepTimings(timings);
  }

  private static void time(Stretch stretch, long[][] nanos, int step) {
    for (int i = 0; i < stretch.launches().length; i++) {
      long begin = System.nanoTime();
      stretch.launches()[i].run();
      nanos[stretch.first() + i][step] = System.nanoTime() - begin;
    }
  }

  void close() {
    fetched.values().forEach(HostTensor::close);
  }
}
