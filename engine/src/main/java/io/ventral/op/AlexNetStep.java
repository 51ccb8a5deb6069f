package io.ventral.op;

import java.util.List;

/**
 * The update of Krizhevsky, Sutskever and Hinton 2012, section 5, with the rate inside the
 * velocity: v ← momentum·v − decay·rate·w − rate·g; w ← w + v.
 */
public record AlexNetStep(double momentum, List<Segment> segments) implements OptimizerStep {
  public AlexNetStep {
    segments = List.copyOf(segments);
  }

  @Override
  public List<String> slots() {
    return List.of("velocity");
  }

  @Override
  public String label() {
    return "AlexNetStep momentum " + momentum;
  }
}
