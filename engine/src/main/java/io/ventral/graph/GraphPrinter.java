package io.ventral.graph;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The text form of a graph, a line a node. */
public final class GraphPrinter {
  private GraphPrinter() {}

  /** Returns the listing: inputs, states, nodes, outputs. */
  public static String print(Graph graph) {
    String inputs = lines(graph.inputs().stream().map(i -> "input " + i.name() + " " + i.value()));
    String states =
        lines(
            graph.states().stream()
                .map(s -> "state " + s.name() + " " + s.initial() + " -> " + s.last()));
    String nodes = lines(graph.nodes().stream().map(Node::toString));
    String outputs =
        lines(graph.outputs().stream().map(o -> "output " + o.name() + " " + o.value()));
    return "graph " + graph.name() + "\n" + inputs + states + nodes + outputs;
  }

  private static String lines(Stream<String> lines) {
    return lines.map(line -> "  " + line + "\n").collect(Collectors.joining());
  }
}
