package io.ventral.plan;

import io.ventral.graph.Node;
import io.ventral.op.Value;

/** What planning has to know of the kernels bound to the nodes. */
public interface BufferRules {
  /** Returns the bytes of {@code value} on its device, what a kernel saves included. */
  long bytes(Value value);

  /** Returns the bytes of scratch that {@code node} needs while it runs. */
  long workspaceBytes(Node node);

  /**
   * Returns the bytes of what {@code node} is given in the stead of an operand that was prepared
   * ahead; 0 if it reads the operand itself.
   */
  long preparedBytes(Node node, int input);

  /** Returns whether {@code output} of {@code node} may lie exactly over {@code input}. */
  boolean mayOverwrite(Node node, int input, int output);
}
