package io.ventral.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ventral.backend.Device;
import io.ventral.backend.Kernel;
import io.ventral.op.ReluGrad;
import io.ventral.op.Value;
import io.ventral.place.Mesh;
import io.ventral.plan.Home;
import io.ventral.run.DeviceOptions;
import io.ventral.run.Devices;
import io.ventral.run.Executable;
import io.ventral.run.MemoryUse;
import io.ventral.run.Pending;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a step of training on the processor costs besides time: nothing. */
class SteadyStateTest {
  private static final int THREADS = 2;
  private static final Optimizer SGD = new Optimizer.Sgd(0.9, false, 1e-4);

  /** Steps until every call site is linked: the JDK rewrites method handles after 127 calls. */
  private static final int WARM_UP = 15;

  private static final int STEPS = 3;
  private static final int ROUNDS = 20;

  /** Enough for minimal filtering to cost less. */
  private static final int CHANNELS = 48;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /**
   * What is not compiled yet may allocate: some round of steps, and so all later ones, must not.
   */
  @Test
  void aStepAllocatesNothingOnTheJavaHeap() {
    Set<Long> others = LongStream.of(threads.getAllThreadIds()).boxed().collect(Collectors.toSet());
    try (ResidualTraining training = new ResidualTraining(cpu(), SGD, 1, CHANNELS)) {
      steps(training, 0, WARM_UP);
      long[] own =
          LongStream.of(threads.getAllThreadIds()).filter(id -> !others.contains(id)).toArray();
      assertTrue(
          own.length >= THREADS, () -> names(own) + " should be the device's thread and its team");
      Map<String, Long> allocated = allocated(training, own, 0);
      for (int round = 1; round < ROUNDS && !allocated.isEmpty(); round++) {
        allocated = allocated(training, own, round);
      }
      assertEquals(Map.of(), allocated, "bytes allocated in " + STEPS + " steps");
    }
  }

  /** Returns the bytes that each thread allocated in a round of steps, by its name. */
  private Map<String, Long> allocated(ResidualTraining training, long[] own, int round) {
    long[] before = threads.getThreadAllocatedBytes(own);
    long callerBefore = threads.getCurrentThreadAllocatedBytes();
    steps(training, WARM_UP + round * STEPS, STEPS);
    long caller = threads.getCurrentThreadAllocatedBytes() - callerBefore;
    long[] after = threads.getThreadAllocatedBytes(own);
    Map<String, Long> allocated = new TreeMap<>();
    if (caller != 0) {
      allocated.put("the calling thread", caller);
    }
    for (int i = 0; i < own.length; i++) {
      if (after[i] != before[i]) {
        allocated.put(names(own[i]), after[i] - before[i]);
      }
    }
    return allocated;
  }

  @Test
  void aStepTakesTheMemoryThatWasPlanned() {
    try (ResidualTraining training = new ResidualTraining(cpu(), SGD, 1, CHANNELS)) {
      Executable executable = training.executable();
      MemoryUse planned = MemoryUse.of(training.devices().getFirst(), 0, List.of(executable));
      assertEquals(planned.totalBytes(), training.session().allocatedBytes(0));
      assertTrue(
          executable.kernels().stream().anyMatch(kernel -> kernel.workspaceBytes() > 0),
          "scratch of oneDNN is in the plan");
      assertEquals(
          6,
          executable.kernels().stream()
              .filter(kernel -> kernel.implementation().contains("winograd"))
              .count(),
          "both convolutions of the block, in three directions");
    }
  }

  /** On the reference's loop a kernel takes memory outside the plan. */
  @Test
  void noNodeOfAStepRunsOnTheReferencesLoop() {
    try (ResidualTraining training = new ResidualTraining(cpu(), SGD, 1, CHANNELS)) {
      assertEquals(
          List.of(),
          training.executable().kernels().stream()
              .map(Kernel::implementation)
              .filter(name -> name.contains("reference"))
              .toList());
    }
  }

  @Test
  void gradientsOfActivationsLieOverTheGradientsTheyReplace() {
    try (ResidualTraining training = new ResidualTraining(cpu(), SGD, 1, CHANNELS)) {
      Map<Value, Home> homes = training.executable().plan().homes();
      assertTrue(
          training.executable().graph().nodes().stream()
              .filter(node -> node.op() instanceof ReluGrad)
              .anyMatch(
                  node ->
                      homes
                          .get(node.inputs().get(1))
                          .equals(homes.get(node.outputs().getFirst()))));
    }
  }

  /** Makes steps of which the last one's results are read when the next one is launched. */
  private static void steps(ResidualTraining training, int first, int count) {
    Pending last = training.launch(first);
    for (int step = first + 1; step < first + count; step++) {
      Pending next = training.launch(step);
      last.await();
      last = next;
    }
    last.await();
  }

  private String names(long... ids) {
    return Arrays.stream(threads.getThreadInfo(ids))
        .map(ThreadInfo::getThreadName)
        .collect(Collectors.joining(", "));
  }

  private static List<Device> cpu() {
    return Devices.open(Mesh.parse("cpu"), DeviceOptions.of(THREADS));
  }
}
