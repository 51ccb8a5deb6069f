package io.ventral.graph;

import io.ventral.op.Op;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The bytes that the nodes of one operation have to move in a run of a program.
 *
 * @param operation its name, such as {@code Conv2d}
 * @param nodes that apply it
 * @param bytes as {@link Op#bytesMoved} counts them
 */
public record Traffic(String operation, int nodes, long bytes) {
  /** Returns the traffic of one device in a run of {@code nodes}, most bytes first. */
  public static List<Traffic> of(List<Node> nodes, int device) {
    Map<String, Traffic> found = new TreeMap<>();
    for (Node node : nodes) {
      if (node.device() == device) {
        String operation = node.op().getClass().getSimpleName();
        Traffic one = new Traffic(operation, 1, moved(node));
        found.merge(operation, one, Traffic::plus);
      }
    }
    List<Traffic> sorted = new ArrayList<>(found.values());
    sorted.sort(Comparator.comparingLong(Traffic::bytes).reversed());
    return sorted;
  }

  private static long moved(Node node) {
    return node.op().bytesMoved(node.inputTypes(), node.outputTypes());
  }

  private Traffic plus(Traffic other) {
    return new Traffic(operation, nodes + other.nodes, Math.addExact(bytes, other.bytes));
  }
}
