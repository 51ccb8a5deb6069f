package io.ventral.run;

import io.ventral.backend.Device;
import io.ventral.backend.Kernel;
import io.ventral.error.EngineException;
import io.ventral.graph.Graph;
import io.ventral.graph.Node;
import io.ventral.op.Value;
import io.ventral.plan.BufferRules;
import io.ventral.tensor.DType;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The kernel of every node, and what planning asks of them. */
final class Bindings implements BufferRules {
  private final List<Device> devices;
  private final IdentityHashMap<Node, Kernel> kernels = new IdentityHashMap<>();
  private final Map<Value, Kernel> savers = new HashMap<>();

  Bindings(Graph graph, List<Device> devices) {
    this.devices = devices;
    graph.nodes().forEach(this::kernel);
  }

  /** Returns the kernel of {@code node}, bound at the first call. */
  Kernel kernel(Node node) {
    return kernels.computeIfAbsent(node, this::bind);
  }

  private Kernel bind(Node node) {
    Kernel kernel;
    try {
      kernel =
          devices
              .get(node.device())
              .bind(
                  node.op(),
                  node.inputs().stream().map(Value::type).toList(),
                  node.outputs().stream().map(Value::type).toList());
    } catch (EngineException e) {
      throw e.in(node.name());
    }
    node.outputs().stream()
        .filter(output -> output.type().dtype() == DType.OPAQUE)
        .forEach(output -> savers.put(output, kernel));
    return kernel;
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

  @Override
  public boolean mayOverwrite(Node node, int input, int output) {
    return kernel(node).mayOverwrite(input, output);
  }
}
