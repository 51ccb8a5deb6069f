package io.ventral.backend;

import java.util.List;

/**
 * Where a bound kernel finds its operands.
 *
 * @param workspace scratch of the size the kernel asked for, untyped
 */
public record Operands(List<Region> inputs, List<Region> outputs, Region workspace) {
  public Operands {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
