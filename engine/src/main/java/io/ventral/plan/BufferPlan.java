package io.ventral.plan;

import io.ventral.graph.Graph;
import io.ventral.op.Value;
import java.util.List;
import java.util.Map;

/**
 * Where everything in a program lies.
 *
 * @param graph the nodes in the order in which they run, with the copies that commit states
 * @param homes the arena and place of each value
 * @param buffers for each device its buffers in the activation arena and their offsets; scratch
 *     comes last, at {@code workspace}
 */
public record BufferPlan(Graph graph, Map<Value, Home> homes, List<DeviceBuffers> buffers) {
  public BufferPlan {
    homes = Map.copyOf(homes);
    buffers = List.copyOf(buffers);
  }

  /**
   * The activation arena of one device.
   *
   * @param intervals lifetimes of the buffers, in the order of their numbers
   * @param plan their offsets
   * @param workspaces for each node, by index, the number of its scratch buffer
   * @param peakWithoutWorkspace bytes the arena would need without scratch
   */
  public record DeviceBuffers(
      List<Interval> intervals,
      MemoryPlan plan,
      Map<Integer, Integer> workspaces,
      long peakWithoutWorkspace) {
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
