package io.ventral.op;

import java.util.List;

/**
 * RMSProp as in PyTorch: g ← g + decay·w; s ← alpha·s + (1 − alpha)·g²; b ← momentum·b + g/(√s +
 * epsilon); w ← w − rate·b.
 */
public record RmsPropStep(double alpha, double epsilon, double momentum, List<Segment> segments)
    implements OptimizerStep {
  public RmsPropStep {
    segments = List.copyOf(segments);
  }

  @Override
  public List<String> slots() {
    return List.of("square", "momentum");
  }

  @Override
  public String label() {
    return "RmsPropStep alpha " + alpha + " momentum " + momentum;
  }
}
