package io.ventral.run;

import io.ventral.backend.Device;
import io.ventral.backend.Kernel;
import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.Region;
import io.ventral.graph.Node;
import io.ventral.graph.State;
import io.ventral.op.Value;
import io.ventral.plan.BufferPlan.PreparedOperand;
import io.ventral.plan.MemoryPlanner;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The kernels of an executable with their operands in place. */
final class PlacedProgram {
  private final Executable executable;
  private final List<Arenas> arenas;
  private final List<Node> nodes;

  PlacedProgram(Executable executable, List<Arenas> arenas) {
    this.executable = executable;
    this.arenas = arenas;
    this.nodes = executable.graph().nodes();
  }

  private Device device(Node node) {
    return arenas.get(node.device()).device();
  }

  Device device(Value value) {
    return arenas.get(value.device()).device();
  }

  Region region(Value value) {
    return arenas.get(value.device()).region(executable, value);
  }

  /** Returns the node at {@code time}; what is prepared of a result of the prologue, behind it. */
  List<Step> steps(int time) {
    Node node = nodes.get(time);
    List<Step> steps = new ArrayList<>();
    steps.add(
        new Step(device(node), executable.kernel(node).place(operands(time)), node.crosses()));
    if (time < executable.plan().prologue()) {
      node.outputs().forEach(output -> prepared(output).map(this::prepare).forEach(steps::add));
    }
    return steps;
  }

  /** Returns what is prepared of the states themselves. */
  List<Step> stateSteps() {
    return executable.graph().states().stream()
        .flatMap(state -> prepared(state.initial()))
        .map(this::prepare)
        .toList();
  }

  /** Returns the names of the states that the prologue reads. */
  Set<String> statesOfPrologue() {
    Set<Value> read = new HashSet<>();
    nodes.subList(0, executable.plan().prologue()).forEach(node -> read.addAll(node.inputs()));
    executable.plan().prepared().forEach(operand -> read.add(source(operand)));
    Set<String> names = new HashSet<>();
    for (State state : executable.graph().states()) {
      if (read.contains(state.initial())) {
        names.add(state.name());
      }
    }
    return names;
  }

  private Stream<PreparedOperand> prepared(Value source) {
    return executable.plan().prepared().stream().filter(it -> source(it).equals(source));
  }

  private Value source(PreparedOperand operand) {
    return nodes.get(operand.time()).inputs().get(operand.input());
  }

  private Step prepare(PreparedOperand operand) {
    Node node = nodes.get(operand.time());
    Kernel kernel = executable.preparing(node, operand.input());
    Region all = arenas.get(node.device()).region(executable, operand);
    long scratch = MemoryPlanner.aligned(kernel.savedBytes());
    Launch launch =
        kernel.place(
            new Operands(
                List.of(region(source(operand))),
                List.of(part(all, 0, kernel.savedBytes())),
                part(all, scratch, kernel.workspaceBytes())));
    return new Step(device(node), launch, /* crosses= */ false);
  }

  private static Region part(Region region, long from, long bytes) {
    return new Region(region.memory(), region.offset() + from, bytes, TensorType.opaque());
  }

  private Operands operands(int time) {
    Node node = nodes.get(time);
    List<Region> inputs = new ArrayList<>(node.inputs().stream().map(this::region).toList());
    for (PreparedOperand operand : executable.plan().prepared()) {
      if (operand.time() == time) {
        inputs.set(operand.input(), arenas.get(node.device()).region(executable, operand));
      }
    }
    return new Operands(
        inputs,
        node.outputs().stream().map(this::region).toList(),
        arenas.get(node.device()).workspace(executable, time));
  }
}
