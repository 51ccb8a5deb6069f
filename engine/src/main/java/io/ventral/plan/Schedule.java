package io.ventral.plan;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphVerifier;
import io.ventral.graph.Invariants;
import io.ventral.graph.Node;
import io.ventral.graph.State;
import io.ventral.op.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The order in which nodes run: that of the graph, except that invariants, where they are asked
 * for, are computed first, and that whoever reads a state comes before the node that computes its
 * new value wherever no dependency forbids it, so that the new value can take the old one's place.
 *
 * <p>On several devices, one goes on until it has to wait for another, and what crosses devices
 * comes together: so a step is a few long stretches, each of which a device can repeat as a whole.
 */
public final class Schedule {
  private final Graph graph;
  private final Set<Value> invariants;
  private final Map<Value, Integer> producers = new HashMap<>();
  private final List<Set<Integer>> earlier = new ArrayList<>();

  private Schedule(Graph graph, Set<Value> invariants) {
    this.graph = graph;
    this.invariants = invariants;
    for (int i = 0; i < graph.nodes().size(); i++) {
      for (Value output : graph.nodes().get(i).outputs()) {
        producers.put(output, i);
      }
    }
  }

  /** Returns {@code graph} with its nodes in the order in which they run, without a prologue. */
  public static Scheduled order(Graph graph) {
    return new Schedule(graph, Set.of()).order();
  }

  /** Returns {@code graph} with its nodes in the order in which they run, invariants first. */
  public static Scheduled withPrologue(Graph graph) {
    return new Schedule(graph, Invariants.of(graph)).order();
  }

  private Scheduled order() {
    for (Node node : graph.nodes()) {
      Set<Integer> before = new TreeSet<>();
      for (Value input : node.inputs()) {
        if (producers.containsKey(input)) {
          before.add(producers.get(input));
        }
      }
      earlier.add(before);
    }
    readersBeforeWriters();
    Set<Integer> order = new LinkedHashSet<>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      if (invariants.containsAll(graph.nodes().get(i).outputs())) {
        visit(i, order);
      }
    }
    int prologue = order.size();
    for (int i = 0; i < graph.nodes().size(); i++) {
      visit(i, order);
    }
    List<Integer> all = List.copyOf(order);
    List<Node> nodes =
        Stream.of(all.subList(0, prologue), all.subList(prologue, all.size()))
            .flatMap(part -> gathered(part).stream())
            .map(graph.nodes()::get)
            .toList();
    Graph ordered = new Graph(graph.name(), graph.inputs(), graph.states(), nodes, graph.outputs());
    return new Scheduled(GraphVerifier.verified(ordered), invariants);
  }

  private void readersBeforeWriters() {
    List<int[]> against = new ArrayList<>();
    for (State state : graph.states()) {
      Integer writer = producers.get(state.last());
      if (writer == null) {
        continue;
      }
      for (int reader = 0; reader < graph.nodes().size(); reader++) {
        if (reader != writer && graph.nodes().get(reader).inputs().contains(state.initial())) {
          if (reader < writer) {
            earlier.get(writer).add(reader);
          } else {
            against.add(new int[] {reader, writer});
          }
        }
      }
    }
    // Edges along the order of the graph cannot close a circle; those against it could.
    for (int[] edge : against) {
      if (!depends(edge[0], edge[1])) {
        earlier.get(edge[1]).add(edge[0]);
      }
    }
  }

  private boolean depends(int node, int on) {
    Deque<Integer> open = new ArrayDeque<>(List.of(node));
    boolean[] seen = new boolean[graph.nodes().size()];
    while (!open.isEmpty()) {
      int next = open.pop();
      if (next == on) {
        return true;
      }
      if (!seen[next]) {
        seen[next] = true;
        open.addAll(earlier.get(next));
      }
    }
    return false;
  }

  /**
   * Returns {@code order} with the nodes of a device as far ahead as they can be while it computes.
   */
  private List<Integer> gathered(List<Integer> order) {
    Set<Integer> open = new LinkedHashSet<>(order);
    List<Integer> gathered = new ArrayList<>();
    while (!open.isEmpty()) {
      Node first = graph.nodes().get(open.iterator().next());
      for (Iterator<Integer> nodes = open.iterator(); nodes.hasNext(); ) {
        int next = nodes.next();
        if (isAlike(first, graph.nodes().get(next)) && isReady(next, open)) {
          gathered.add(next);
          nodes.remove();
        }
      }
    }
    return gathered;
  }

  private static boolean isAlike(Node first, Node second) {
    return first.device() == second.device() && first.crosses() == second.crosses();
  }

  private boolean isReady(int node, Set<Integer> open) {
    return earlier.get(node).stream().noneMatch(open::contains);
  }

  /** Adds a node behind all that must run before it; a stack of our own, as chains may be long. */
  private void visit(int node, Set<Integer> order) {
    Deque<Integer> open = new ArrayDeque<>(List.of(node));
    while (!open.isEmpty()) {
      int next = open.peek();
      Optional<Integer> before =
          earlier.get(next).stream().filter(i -> !order.contains(i)).findFirst();
      if (before.isPresent()) {
        open.push(before.get());
      } else {
        order.add(open.pop());
      }
    }
  }
}
