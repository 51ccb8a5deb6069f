package io.ventral.run;

import io.ventral.backend.Device;
import io.ventral.backend.Launch;
import io.ventral.error.EngineException;
import io.ventral.graph.Input;
import io.ventral.graph.Node;
import io.ventral.graph.Output;
import io.ventral.graph.State;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An executable with its operands in place: upload, launch, download. What its prologue computes
 * holds until a state that the prologue reads is written.
 */
final class LoadedExecutable {
  private static final double NANOS = 1e9;

  private final Executable executable;
  private final List<Arenas> arenas;
  private final PlacedProgram program;
  private final int prologueNodes;
  private final List<Stretch> prologue;
  private final List<Stretch> stretches;
  private final List<Launch> repeated;
  private final Set<String> statesOfPrologue;
  private final Map<String, HostTensor> fetched = new LinkedHashMap<>();
  private boolean isPrepared;

  LoadedExecutable(Executable executable, List<Arenas> arenas) {
    this.executable = executable;
    this.arenas = arenas;
    program = new PlacedProgram(executable, arenas);
    prologueNodes = executable.plan().prologue();
    List<Step> ahead = new ArrayList<>(program.stateSteps());
    ahead.addAll(steps(0, prologueNodes));
    prologue = Stretch.of(ahead);
    stretches = Stretch.of(steps(prologueNodes, executable.graph().nodes().size()));
    repeated =
        stretches.stream().map(stretch -> device(stretch).together(stretch.launches())).toList();
    statesOfPrologue = program.statesOfPrologue();
    for (Output output : executable.graph().outputs()) {
      fetched.merge(
          output.name(), HostTensor.zeros(output.value().type()), LoadedExecutable::joined);
    }
  }

  private List<Step> steps(int from, int to) {
    List<Step> steps = new ArrayList<>();
    for (int time = from; time < to; time++) {
      steps.addAll(program.steps(time));
    }
    return steps;
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

  /** Returns the names of the states that a run changes. */
  Set<String> changedStates() {
    return Set.copyOf(
        executable.graph().states().stream().filter(State::changes).map(State::name).toList());
  }

  /** Returns whether the prologue has to be run again once one of {@code states} was written. */
  boolean dependsOn(Set<String> states) {
    return states.stream().anyMatch(statesOfPrologue::contains);
  }

  /** Lets the next run begin with the prologue. */
  void outdate() {
    isPrepared = false;
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
      Value value = input.value();
      program.device(value).upload(tensor, first, program.region(value));
    }
  }

  void launch() {
    prepare();
    repeated.forEach(Launch::run);
  }

  private void prepare() {
    if (!isPrepared) {
      prologue.forEach(this::run);
      isPrepared = true;
    }
  }

  private void run(Stretch stretch) {
    device(stretch).run(() -> stretch.launches().forEach(Launch::run));
  }

  private Device device(Stretch stretch) {
    return arenas.get(stretch.device()).device();
  }

  /** Launches node by node and shows each node's results, downloaded, to {@code observer}. */
  void launch(Session.Observer observer) {
    Stretch.of(program.stateSteps()).forEach(this::run);
    List<Node> nodes = executable.graph().nodes();
    for (int time = 0; time < nodes.size(); time++) {
      Stretch.of(program.steps(time)).forEach(this::run);
      for (Value value : nodes.get(time).outputs()) {
        if (value.type().dtype() != DType.OPAQUE) {
          try (HostTensor tensor = HostTensor.zeros(value.type())) {
            program.device(value).download(program.region(value), tensor, 0);
            observer.observe(nodes.get(time), value, tensor);
          }
        }
      }
    }
    isPrepared = true;
  }

  /** Launches node by node, {@code steps} times, and returns the median time of each in a run. */
  StepTimings time(int steps) {
    prepare();
    List<Node> nodes =
        executable.graph().nodes().subList(prologueNodes, executable.graph().nodes().size());
    long[][] nanos = new long[nodes.size()][steps];
    for (int step = 0; step < steps; step++) {
      int column = step;
      for (Stretch stretch : stretches) {
        device(stretch).run(() -> time(stretch, nanos, column));
      }
    }
    List<StepTimings.NodeTiming> timings = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      Arrays.sort(nanos[i]);
      Node node = nodes.get(i);
      timings.add(
          new StepTimings.NodeTiming(
              node, executable.kernel(node).implementation(), nanos[i][steps / 2] / NANOS));
    }
    return new StepTimings(timings);
  }

  private void time(Stretch stretch, long[][] nanos, int step) {
    for (int i = 0; i < stretch.launches().size(); i++) {
      long begin = System.nanoTime();
      stretch.launches().get(i).run();
      device(stretch).finish();
      nanos[stretch.first() + i][step] = System.nanoTime() - begin;
    }
  }

  Fetches download() {
    for (Output output : executable.graph().outputs()) {
      Value value = output.value();
      long first =
          output
              .shard()
              .map(shard -> shard.firstRow() * value.type().shape().elementsPerSample())
              .orElse(0L);
      program.device(value).download(program.region(value), fetched.get(output.name()), first);
    }
    return new Fetches(fetched);
  }

  void close() {
    fetched.values().forEach(HostTensor::close);
  }
}
