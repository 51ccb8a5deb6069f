package io.ventral.op;

import java.util.List;

/**
 * Stochastic gradient descent as in PyTorch: g ← g + decay·w; v ← momentum·v + g; w ← w − rate·v,
 * or with Nesterov's momentum w ← w − rate·(g + momentum·v). The rate stays outside the velocity.
 * Without momentum there is no slot.
 */
public record SgdStep(double momentum, boolean nesterov, List<Segment> segments)
    implements OptimizerStep {
  public SgdStep {
    segments = List.copyOf(segments);
  }

  @Override
  public List<String> slots() {
    return momentum == 0 ? List.of() : List.of("momentum");
  }

  @Override
  public String label() {
    return "SgdStep momentum " + momentum + (nesterov ? " nesterov" : "");
  }
}
