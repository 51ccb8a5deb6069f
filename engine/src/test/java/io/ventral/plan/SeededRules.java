package io.ventral.plan;

import io.ventral.graph.Node;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.Philox;

/**
 * Kernels as a seed would have them: some need scratch, some may overwrite some of their inputs,
 * some prepare operands ahead.
 */
record SeededRules(long seed, Scheduled program) implements BufferRules {
  @Override
  public long bytes(Value value) {
    return value.type().dtype() == DType.OPAQUE ? 24 : 8 * value.type().elements();
  }

  @Override
  public long workspaceBytes(Node node) {
    return draw(node, 0, 0) % 4 == 0 ? 100 : 0;
  }

  /** Every other operand that may be prepared is. */
  @Override
  public long preparedBytes(Node node, int input) {
    boolean isOfPrologue = program.invariants().containsAll(node.outputs());
    return !isOfPrologue
            && program.invariants().contains(node.inputs().get(input))
            && draw(node, 1 + input, 0) % 2 == 0
        ? 40
        : 0;
  }

  @Override
  public boolean mayOverwrite(Node node, int input, int output) {
    return draw(node, 1 + input, 1 + output) % 3 > 0;
  }

  private int draw(Node node, int input, int output) {
    return new Philox(seed).below(12, Philox.purpose(node.op().label()), input, output);
  }
}
