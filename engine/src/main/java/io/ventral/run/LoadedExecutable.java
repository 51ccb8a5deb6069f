package io.ventral.run;

import io.ventral.backend.Launch;
import io.ventral.graph.Node;
import io.ventral.graph.State;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * An executable with its operands in place: upload, launch, download. What its prologue computes
 * holds until a state that the prologue reads is written.
 */
final class LoadedExecutable {
  private static final double NANOS = 1e9;
  private static final int LATE = 2;

  private final Executable executable;
  private final PlacedProgram program;
  private final int prologueNodes;
  private final Uploads uploads;
  private final Stretch[] arrivals;
  private final Stretch[] prologue;
  private final Stretch[] stretches;
  private final Launch repeated;
  private final Results results;

  /** Results of runs that are read late: of the last one and the one before. */
  private final List<Pending> late = new ArrayList<>();

  private int runs;
  private final Set<String> statesOfPrologue;
  private boolean isPrepared;

  LoadedExecutable(Executable executable, List<Arenas> arenas) {
    this.executable = executable;
    program = new PlacedProgram(executable, arenas);
    prologueNodes = executable.plan().prologue();
    List<Step> ahead = new ArrayList<>(program.stateSteps());
    ahead.addAll(steps(0, prologueNodes));
    prologue = Stretch.of(ahead);
    uploads = new Uploads(executable, program, arenas);
    arrivals = Stretch.of(uploads.arrivals());
    List<Step> nodes = steps(prologueNodes, executable.graph().nodes().size());
    stretches = Stretch.of(nodes);
    List<Step> whole = new ArrayList<>(uploads.arrivals());
    whole.addAll(nodes);
    repeated =
        Launch.inOrder(
            Arrays.stream(Stretch.of(whole)).map(Stretch::repeated).toArray(Launch[]::new));
    statesOfPrologue = program.statesOfPrologue();
    results = results();
  }

  private List<Step> steps(int from, int to) {
    List<Step> steps = new ArrayList<>();
    for (int time = from; time < to; time++) {
      steps.addAll(program.steps(time));
    }
    return steps;
  }

  private Results results() {
    return new Results(executable.graph().outputs(), program);
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
    uploads.send(feeds);
  }

  void launch() {
    prepare();
    repeated.run();
  }

  private void prepare() {
    if (!isPrepared) {
      Stretch.run(prologue);
      isPrepared = true;
    }
  }

  Fetches download() {
    return results.download();
  }

  /** Returns the results of the run launched last, on their way. */
  Pending fetchLate() {
    if (late.size() < LATE) {
      late.add(new Pending(results()));
    }
    Pending pending = late.get(runs);
    runs = (runs + 1) % LATE;
    pending.begin();
    return pending;
  }

  /** Launches node by node and shows each node's results, downloaded, to {@code observer}. */
  void launch(Session.Observer observer) {
    Stretch.run(arrivals);
    Stretch.run(Stretch.of(program.stateSteps()));
    List<Node> nodes = executable.graph().nodes();
    for (int time = 0; time < nodes.size(); time++) {
      Stretch.run(Stretch.of(program.steps(time)));
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
  StepTimings time(Feeds feeds, int steps) {
    prepare();
    List<Node> nodes =
        executable.graph().nodes().subList(prologueNodes, executable.graph().nodes().size());
    long[][] nanos = new long[nodes.size()][steps];
    for (int step = 0; step < steps; step++) {
      int column = step;
      // Fed again each time: what a step no longer needs it overwrites.
      upload(feeds);
      Stretch.run(arrivals);
      for (Stretch stretch : stretches) {
        stretch.device().run(() -> time(stretch, nanos, column));
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

  private static void time(Stretch stretch, long[][] nanos, int step) {
    for (int i = 0; i < stretch.launches().length; i++) {
      long begin = System.nanoTime();
      stretch.launches()[i].run();
      stretch.device().finish();
      nanos[stretch.first() + i][step] = System.nanoTime() - begin;
    }
  }

  void close() {
    results.close();
    late.forEach(Pending::close);
  }
}
