package io.ventral.run;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.Region;
import io.ventral.error.EngineException;
import io.ventral.graph.Input;
import io.ventral.graph.Node;
import io.ventral.graph.Output;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An executable with its operands in place: upload, launch, download. */
final class LoadedExecutable {
  private static final double NANOS = 1e9;

  private final Executable executable;
  private final List<Arenas> arenas;
  private final List<Launch> launches = new ArrayList<>();
  private final List<Stretch> stretches;
  private final Map<String, HostTensor> fetched = new LinkedHashMap<>();

  LoadedExecutable(Executable executable, List<Arenas> arenas) {
    this.executable = executable;
    this.arenas = arenas;
    List<Node> nodes = executable.graph().nodes();
    for (int time = 0; time < nodes.size(); time++) {
      launches.add(executable.kernel(nodes.get(time)).place(operands(nodes.get(time), time)));
    }
    stretches = stretches();
    for (Output output : executable.graph().outputs()) {
      fetched.merge(
          output.name(), HostTensor.zeros(output.value().type()), LoadedExecutable::joined);
    }
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

  void upload(Feeds feeds) {
    for (Input input : executable.graph().inputs()) {
      HostTensor tensor = feeds.get(input.name());
      Shape shape = input.value().type().shape();
      long first = 0;
      if (input.shard().isPresent()) {
        int rows = tensor.type().extent(0);
        first = input.shard().get().firstRow() * shape.elementsPerSample();
        shape = shape.with(0, rows);
      }
      if (!tensor.type().shape().equals(shape)) {
        throw EngineException.internal(
            "input %s is fed %s, expected %s"
                .formatted(input.name(), tensor.type(), input.value().type()));
      }
      arenas.get(input.value().device()).device().upload(tensor, first, region(input.value()));
    }
  }

  void launch() {
    for (Stretch stretch : stretches) {
      arenas.get(stretch.device()).device().run(() -> stretch.launches().forEach(Launch::run));
    }
  }

  /** Launches in a row on one device, from node {@code first} on. */
  private record Stretch(int device, int first, List<Launch> launches) {}

  private List<Stretch> stretches() {
    List<Node> nodes = executable.graph().nodes();
    List<Stretch> found = new ArrayList<>();
    for (int begin = 0, end; begin < nodes.size(); begin = end) {
      int device = nodes.get(begin).device();
      end = begin;
      while (end < nodes.size() && nodes.get(end).device() == device) {
        end++;
      }
      found.add(new Stretch(device, begin, List.copyOf(launches.subList(begin, end))));
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
  StepTimings time(Feeds feeds, int steps) {
    List<Node> nodes = executable.graph().nodes();
    long[][] nanos = new long[nodes.size()][steps];
    for (int step = 0; step < steps; step++) {
      int column = step;
      // Fed again each time: what a step no longer needs it overwrites.
      upload(feeds);
      for (Stretch stretch : stretches) {
        arenas.get(stretch.device()).device().run(() -> time(stretch, nanos, column));
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
    for (int i = 0; i < stretch.launches().size(); i++) {
      long begin = System.nanoTime();
      stretch.launches().get(i).run();
      nanos[stretch.first() + i][step] = System.nanoTime() - begin;
    }
  }

  Fetches download() {
    for (Output output : executable.graph().outputs()) {
      long first =
          output
              .shard()
              .map(shard -> shard.firstRow() * output.value().type().shape().elementsPerSample())
              .orElse(0L);
      arenas
          .get(output.value().device())
          .device()
          .download(region(output.value()), fetched.get(output.name()), first);
    }
    return new Fetches(fetched);
  }

  void close() {
    fetched.values().forEach(HostTensor::close);
  }
}
