package io.ventral.run;

import io.ventral.backend.Device;
import io.ventral.backend.Kernel;
import io.ventral.backend.Preparation;
import io.ventral.error.EngineException;
import io.ventral.graph.Node;
import io.ventral.op.Value;
import io.ventral.plan.BufferRules;
import io.ventral.plan.MemoryPlanner;
import io.ventral.plan.Scheduled;
import io.ventral.tensor.DType;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kernel of every node, and what planning asks of them. */
final class Bindings implements BufferRules {
  private final List<Device> devices;
  private final IdentityHashMap<Node, Kernel> kernels = new IdentityHashMap<>();
  private final IdentityHashMap<Node, Map<Integer, Kernel>> preparing = new IdentityHashMap<>();
  private final Map<Value, Kernel> savers = new HashMap<>();

  Bindings(Scheduled program, List<Device> devices) {
    this.devices = devices;
    List<Node> nodes = program.graph().nodes();
    nodes.forEach(this::kernel);
    for (Node node : nodes.subList(program.prologue(), nodes.size())) {
      for (int input = 0; input < node.inputs().size(); input++) {
        if (program.invariants().contains(node.inputs().get(input))) {
          prepare(node, input);
        }
      }
    }
  }

  /** Returns the kernel of {@code node}, bound at the first call. */
  Kernel kernel(Node node) {
    Kernel known = kernels.get(node);
    return known == null ? bound(node, bind(node)) : known;
  }

  private Kernel bound(Node node, Kernel kernel) {
    kernels.put(node, kernel);
    node.outputs().stream()
        .filter(output -> output.type().dtype() == DType.OPAQUE)
        .forEach(output -> savers.put(output, kernel));
    return kernel;
  }

  private Kernel bind(Node node) {
    try {
      return devices.get(node.device()).bind(node.op(), node.inputTypes(), node.outputTypes());
    } catch (EngineException e) {
      throw e.in(node.name());
    }
  }

  private void prepare(Node node, int input) {
    Optional<Preparation> preparation = kernel(node).preparation(input);
    if (preparation.isPresent()) {
      preparing
          .computeIfAbsent(node, key -> new HashMap<>())
          .put(input, preparation.get().prepare());
      bound(node, preparation.get().compute());
    }
  }

  /** Returns the kernel that prepares an operand ahead. */
  Kernel preparing(Node node, int input) {
    return preparing.get(node).get(input);
  }

  @Override
  public long bytes(Value value) {
    return value.type().dtype() == DType.OPAQUE
        ? savers.get(value).savedBytes()
        : devices.get(value.device()).bytes(value.type());
  }

  @Override
  public long workspaceBytes(Node node) {
    return kernel(node).workspaceBytes();
  }

  /** What preparing needs as scratch lies behind what it gives. */
  @Override
  public long preparedBytes(Node node, int input) {
    Kernel kernel = preparing.getOrDefault(node, Map.of()).get(input);
    return kernel == null
        ? 0
        : MemoryPlanner.aligned(kernel.savedBytes()) + kernel.workspaceBytes();
  }

  @Override
  public boolean mayOverwrite(Node node, int input, int output) {
    return kernel(node).mayOverwrite(input, output);
  }
}
