package io.ventral.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.graph.Graph;
import io.ventral.graph.Node;
import io.ventral.graph.State;
import io.ventral.graph.StateRole;
import io.ventral.op.Value;
import io.ventral.plan.BufferPlan.PreparedOperand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs a plan on memory that holds terms instead of numbers: what is written wipes out what lay
 * there, and a node may read nothing but the value it was meant to. No kernel is needed to find a
 * plan wrong.
 */
final class SymbolicMachine {
  private record Place(String arena, long first, long end) {
    boolean overlaps(Place other) {
      return arena.equals(other.arena) && first < other.end && other.first < end;
    }
  }

  private record Cell(Place place, int term) {}

  private final BufferPlan plan;
  private final BufferRules rules;
  private final StateLayout layout;
  private final List<Cell> memory = new ArrayList<>();

  private SymbolicMachine(BufferPlan plan, BufferRules rules) {
    this.plan = plan;
    this.rules = rules;
    this.layout = StateLayout.of(List.of(plan.graph()), type -> 8 * type.elements());
  }

  /** Asserts that running {@code plan} leaves in states and outputs what {@code meant} says. */
  static void check(Graph meant, BufferPlan plan, BufferRules rules) {
    Terms terms = new Terms();
    Map<Value, Integer> expected = terms.of(meant);
    Map<Value, Integer> planned = terms.of(plan.graph());
    check(meant, expected, new SymbolicMachine(plan, rules).first(planned));
    check(meant, expected, new SymbolicMachine(plan, rules).later(planned));
  }

  private static void check(Graph meant, Map<Value, Integer> expected, SymbolicMachine machine) {
    for (State state : meant.states()) {
      assertEquals(
          expected.get(state.last()),
          machine.read(machine.place(state)),
          "state " + state.name() + " at the end");
    }
    for (int i = 0; i < meant.outputs().size(); i++) {
      assertEquals(
          expected.get(meant.outputs().get(i).value()),
          machine.read(machine.place(machine.plan.graph().outputs().get(i).value())),
          "output " + meant.outputs().get(i).name());
    }
  }

  /** A run behind the prologue, fed before it. */
  private SymbolicMachine first(Map<Value, Integer> terms) {
    Graph graph = plan.graph();
    graph.states().forEach(state -> write(place(state), terms.get(state.initial())));
    feed(terms);
    graph.states().forEach(state -> prepare(state.initial(), terms));
    run(0, plan.prologue(), terms);
    run(plan.prologue(), graph.nodes().size(), terms);
    return this;
  }

  /** A run like {@link #first} after which everything but what lasts was overwritten. */
  private SymbolicMachine later(Map<Value, Integer> terms) {
    Graph graph = plan.graph();
    first(terms);
    memory.removeIf(cell -> cell.place().arena().startsWith("activations"));
    memory.removeIf(cell -> cell.place().arena().startsWith("gradients"));
    graph.states().forEach(state -> write(place(state), terms.get(state.initial())));
    feed(terms);
    run(plan.prologue(), graph.nodes().size(), terms);
    return this;
  }

  private void feed(Map<Value, Integer> terms) {
    plan.graph().inputs().forEach(in -> write(place(in.value()), terms.get(in.value())));
  }

  private void run(int from, int to, Map<Value, Integer> terms) {
    for (int time = from; time < to; time++) {
      Node node = plan.graph().nodes().get(time);
      for (int i = 0; i < node.inputs().size(); i++) {
        if (rules.preparedBytes(node, i) > 0) {
          int term = read(place(prepared(time, i)));
          assertEquals(terms.get(node.inputs().get(i)), term, node + " reads it prepared");
        } else if (!node.op().readsOnlyShape(i)) {
          Value input = node.inputs().get(i);
          assertEquals(terms.get(input), read(place(input)), node + " reads " + input);
          checkOverlaps(node, i);
        }
      }
      checkScratch(node, time);
      checkOutputs(node);
      node.outputs().forEach(output -> write(place(output), terms.get(output)));
      node.outputs().forEach(output -> prepare(output, terms));
    }
  }

  /** Prepares {@code value} for all who want it so. */
  private void prepare(Value value, Map<Value, Integer> terms) {
    for (PreparedOperand operand : plan.prepared()) {
      Node node = plan.graph().nodes().get(operand.time());
      if (node.inputs().get(operand.input()).equals(value)) {
        assertEquals(terms.get(value), read(place(value)), node + " has it prepared");
        write(place(operand), terms.get(value));
      }
    }
  }

  private PreparedOperand prepared(int time, int input) {
    return plan.prepared().stream()
        .filter(operand -> operand.time() == time && operand.input() == input)
        .findFirst()
        .orElseThrow();
  }

  private void checkOverlaps(Node node, int input) {
    Place read = place(node.inputs().get(input));
    for (int output = 0; output < node.outputs().size(); output++) {
      Place written = place(node.outputs().get(output));
      if (written.overlaps(read)) {
        assertEquals(read, written, node + ": output " + output + " lies across input " + input);
        assertTrue(
            rules.mayOverwrite(node, input, output),
            node + ": output " + output + " must not lie over input " + input);
      }
    }
  }

  private void checkScratch(Node node, int time) {
    long bytes = rules.workspaceBytes(node);
    Integer buffer = plan.buffers().get(node.device()).workspaces().get(time);
    assertEquals(bytes > 0, buffer != null, node + ": scratch");
    if (buffer != null) {
      long first = plan.offset(node.device(), buffer);
      Place scratch = new Place("activations@" + node.device(), first, first + bytes);
      for (int i = 0; i < node.inputs().size(); i++) {
        boolean meets = scratch.overlaps(place(node.inputs().get(i)));
        boolean reads = !node.op().readsOnlyShape(i) && rules.preparedBytes(node, i) == 0;
        assertFalse(meets && reads, node + ": scratch over input " + i);
      }
      node.outputs()
          .forEach(o -> assertFalse(scratch.overlaps(place(o)), node + ": scratch over an output"));
      write(scratch, -2);
    }
  }

  private void checkOutputs(Node node) {
    for (Value a : node.outputs()) {
      for (Value b : node.outputs()) {
        assertTrue(a.equals(b) || !place(a).overlaps(place(b)), node + ": outputs overlap");
      }
    }
  }

  private void write(Place place, int term) {
    memory.removeIf(cell -> cell.place().overlaps(place));
    memory.add(new Cell(place, term));
  }

  private int read(Place place) {
    return memory.stream()
        .filter(cell -> cell.place().equals(place))
        .mapToInt(Cell::term)
        .findFirst()
        .orElse(-1);
  }

  private Place place(Value value) {
    return switch (plan.homes().get(value)) {
      case Home.OfState(State state) -> place(state);
      case Home.OfGradient(State parameter) -> place("gradients@", parameter, rules.bytes(value));
      case Home.OfInvariant(long offset) ->
          new Place("invariants@" + value.device(), offset, offset + rules.bytes(value));
      case Home.OfBuffer(int buffer) -> {
        long first = plan.offset(value.device(), buffer);
        yield new Place("activations@" + value.device(), first, first + rules.bytes(value));
      }
    };
  }

  private Place place(PreparedOperand operand) {
    int device = plan.graph().nodes().get(operand.time()).device();
    return new Place("invariants@" + device, operand.offset(), operand.offset() + operand.bytes());
  }

  private Place place(State state) {
    StateRole role = state.role();
    return place(role + "@", state, rules.bytes(state.initial()));
  }

  private Place place(String arena, State state, long bytes) {
    long first = layout.sections(state.device()).get(state.role()).offset(state.name());
    return new Place(arena + state.device(), first, first + bytes);
  }
}
