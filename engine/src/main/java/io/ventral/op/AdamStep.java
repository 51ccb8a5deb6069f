package io.ventral.op;

import java.util.List;

/**
 * Adam (Kingma and Ba 2015) as in PyTorch, t counting applied steps from 1: m ← β₁·m + (1 − β₁)·g;
 * v ← β₂·v + (1 − β₂)·g²; w ← w − rate·(m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + epsilon). The decay is
 * added to the gradient (Adam), or with {@code decoupledDecay} w ← w·(1 − rate·decay) comes first
 * (AdamW, Loshchilov and Hutter 2019).
 */
public record AdamStep(
    double beta1, double beta2, double epsilon, boolean decoupledDecay, List<Segment> segments)
    implements OptimizerStep {
  public AdamStep {
    segments = List.copyOf(segments);
  }

  @Override
  public List<String> slots() {
    return List.of("mean", "square");
  }

  @Override
  public String label() {
    return (decoupledDecay ? "AdamStep decoupled" : "AdamStep") + " beta " + beta1 + "," + beta2;
  }
}
