package io.ventral.run;

import io.ventral.backend.Kernel;
import io.ventral.graph.Graph;
import io.ventral.graph.Node;
import io.ventral.op.Value;
import io.ventral.plan.BufferPlan;
import java.util.List;

/**
 * A compiled program: nodes in order, a kernel for each, a place for every value; no memory yet.
 * Run by a {@link Session}.
 */
public final class Executable {
  private final BufferPlan plan;
  private final Bindings bindings;

  Executable(BufferPlan plan, Bindings bindings) {
    this.plan = plan;
    this.bindings = bindings;
  }

  /** Returns the program as it runs, after placement, rewriting and scheduling. */
  public Graph graph() {
    return plan.graph();
  }

  public BufferPlan plan() {
    return plan;
  }

  /** Returns the kernels, one a node, in order. */
  public List<Kernel> kernels() {
    return plan.graph().nodes().stream().map(bindings::kernel).toList();
  }

  Kernel kernel(Node node) {
    return bindings.kernel(node);
  }

  /** Returns the kernel that prepares an operand of {@code node} ahead. */
  Kernel preparing(Node node, int input) {
    return bindings.preparing(node, input);
  }

  long bytes(Value value) {
    return bindings.bytes(value);
  }
}
