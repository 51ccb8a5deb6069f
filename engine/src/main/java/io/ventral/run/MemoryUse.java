package io.ventral.run;

import io.ventral.backend.Device;
import io.ventral.graph.Input;
import io.ventral.graph.StateRole;
import io.ventral.plan.BufferPlan.DeviceBuffers;
import io.ventral.plan.Home;
import io.ventral.plan.StateLayout;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Bytes that a session takes on one device, known before anything is allocated.
 *
 * @param statisticBytes running statistics, counters and loss scale
 * @param preparedBytes what each executable computes of parameters and statistics for many runs
 * @param workspaceBytes what scratch adds to the activations
 * @param inputBytes where inputs wait while the run before them is computed
 */
public record MemoryUse(
    long parameterBytes,
    long gradientBytes,
    long optimizerBytes,
    long statisticBytes,
    long preparedBytes,
    long activationBytes,
    long workspaceBytes,
    long inputBytes) {

  /** Returns the use of one device by a session over these executables, which share one arena. */
  public static MemoryUse of(Device device, int index, List<Executable> executables) {
    StateLayout layout = layout(device, executables);
    Map<StateRole, StateLayout.Section> sections = layout.sections(index);
    long arena = 0;
    long withoutWorkspace = 0;
    for (Executable executable : executables) {
      List<DeviceBuffers> buffers = executable.plan().buffers();
      if (index < buffers.size()) {
        arena = Math.max(arena, buffers.get(index).plan().bytes());
        withoutWorkspace = Math.max(withoutWorkspace, buffers.get(index).peakWithoutWorkspace());
      }
    }
    long prepared =
        executables.stream().mapToLong(executable -> preparedBytes(executable, index)).sum();
    long activations = Math.min(withoutWorkspace, arena);
    return new MemoryUse(
        sum(sections, role -> role instanceof StateRole.Parameter),
        hasGradients(executables) ? sum(sections, role -> role instanceof StateRole.Parameter) : 0,
        sum(sections, role -> role instanceof StateRole.Slot),
        sum(
            sections,
            role ->
                switch (role) {
                  case StateRole.Statistic _, StateRole.Counter _, StateRole.LossScale _ -> true;
                  case StateRole.Parameter _, StateRole.Slot _ -> false;
                }),
        prepared,
        activations,
        arena - activations,
        executables.stream().mapToLong(it -> inputBytes(device, index, it)).max().orElse(0));
  }

  /** Returns what one executable keeps from run to run on one device. */
  static long preparedBytes(Executable executable, int index) {
    List<DeviceBuffers> buffers = executable.plan().buffers();
    return index < buffers.size() ? buffers.get(index).invariantBytes() : 0;
  }

  private static long inputBytes(Device device, int index, Executable executable) {
    List<Input> inputs = inputs(executable, index);
    return inputs.isEmpty()
        ? 0
        : device.intakeBytes(inputs.stream().map(input -> input.value().type()).toList());
  }

  /** Returns the inputs, or their shares, that one device takes in. */
  static List<Input> inputs(Executable executable, int index) {
    return executable.graph().inputs().stream()
        .filter(input -> input.value().device() == index)
        .toList();
  }

  static StateLayout layout(Device device, List<Executable> executables) {
    return StateLayout.of(executables.stream().map(Executable::graph).toList(), device::bytes);
  }

  private static boolean hasGradients(List<Executable> executables) {
    return executables.stream()
        .flatMap(executable -> executable.plan().homes().values().stream())
        .anyMatch(home -> home instanceof Home.OfGradient);
  }

  private static long sum(
      Map<StateRole, StateLayout.Section> sections, Predicate<StateRole> which) {
    return sections.entrySet().stream()
        .filter(entry -> which.test(entry.getKey()))
        .mapToLong(entry -> entry.getValue().bytes())
        .sum();
  }

  public long totalBytes() {
    return parameterBytes
        + gradientBytes
        + optimizerBytes
        + statisticBytes
        + preparedBytes
        + activationBytes
        + workspaceBytes
        + inputBytes;
  }
}
