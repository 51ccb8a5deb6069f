package io.ventral.plan;

import io.ventral.graph.Graph;
import io.ventral.op.Value;
import java.util.List;
import java.util.Map;

/**
 * Where everything in a program lies.
 *
 * @param graph the nodes in the order in which they run, with the copies that commit states
 * @param prologue the number of nodes, at the beginning, whose results hold for many runs
 * @param prepared the operands that are prepared ahead
 * @param homes the arena and place of each value
 * @param buffers for each device its buffers in the activation arena and their offsets; scratch
 *     comes last, at {@code workspace}
 */
public record BufferPlan(
    Graph graph,
    int prologue,
    List<PreparedOperand> prepared,
    Map<Value, Home> homes,
    List<DeviceBuffers> buffers) {
  public BufferPlan {
    prepared = List.copyOf(prepared);
    homes = Map.copyOf(homes);
    buffers = List.copyOf(buffers);
  }

  /**
   * An operand in the form in which its node reads it.
   *
   * @param time index of the node
   * @param offset first byte among the program's invariants on the node's device
   */
  public record PreparedOperand(int time, int input, long offset, long bytes) {}

  /**
   * The activation arena of one device, and its invariants.
   *
   * @param intervals lifetimes of the buffers, in the order of their numbers
   * @param plan their offsets
   * @param workspaces for each node, by index, the number of its scratch buffer
   * @param peakWithoutWorkspace bytes the arena would need without scratch
   * @param invariantBytes bytes of what the program keeps from run to run
   */
  public record DeviceBuffers(
      List<Interval> intervals,
      MemoryPlan plan,
      Map<Integer, Integer> workspaces,
      long peakWithoutWorkspace,
      long invariantBytes) {
    public DeviceBuffers {
      intervals = List.copyOf(intervals);
      workspaces = Map.copyOf(workspaces);
    }
  }

  /** Returns the first byte of a buffer in its device's activation arena. */
  public long offset(int device, int buffer) {
    return buffers.get(device).plan().offsets().get(buffer);
  }
}
