package io.ventral.run;

import io.ventral.graph.Node;
import java.util.List;

/** How long each node of a step took, on devices that compute in the caller's time. */
public record StepTimings(List<NodeTiming> nodes) {
  public StepTimings {
    nodes = List.copyOf(nodes);
  }

  /**
   * One node.
   *
   * @param implementation what computed it
   * @param seconds the median over the steps timed
   */
  public record NodeTiming(Node node, String implementation, double seconds) {
    /** Returns the bytes of all operands, each counted once. */
    public long bytes() {
      long bytes = 0;
      for (var value : node.inputs()) {
        bytes += value.type().bytes();
      }
      for (var value : node.outputs()) {
        bytes += value.type().bytes();
      }
      return bytes;
    }

    /** Returns the multiply-adds. */
    public long multiplyAdds() {
      return node.op()
          .multiplyAdds(
              node.inputs().stream().map(value -> value.type()).toList(),
              node.outputs().stream().map(value -> value.type()).toList());
    }
  }

  /** Returns the sum over all nodes, in seconds. */
  public double seconds() {
    return nodes.stream().mapToDouble(NodeTiming::seconds).sum();
  }
}
