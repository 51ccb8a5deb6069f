package io.ventral.backend.onednn.loop;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.onednn.library.NativeMemory;
import io.ventral.backend.onednn.library.Team;
import java.lang.foreign.MemorySegment;

/**
 * loss[n] = −Σ t[k]·log p[k] for p = softmax(x) and the smoothed target t, in double: with the
 * weight s of smoothing (1 − s)·(L − x[label]) + s·(L − Σ x[k]/K), L = log Σ e^x[k].
 */
public final class CrossEntropyLoop implements Launch, Team.Part {
  private final Team team;
  private final double smoothing;
  private final Scores scores;
  private final MemorySegment losses;

  /** Returns the loop over scores and labels. */
  public CrossEntropyLoop(Team team, double smoothing, Operands operands) {
    this.team = team;
    this.smoothing = smoothing;
    scores = Scores.of(operands);
    losses = NativeMemory.of(operands.outputs().getFirst());
  }

  @Override
  public void run() {
    team.forEach(scores.elements(), scores.classes(), this);
  }

  @Override
  public void run(int thread, long first, long end) {
    for (long n = first / scores.classes(); n < end / scores.classes(); n++) {
      losses.setAtIndex(JAVA_FLOAT, n, scores.hasClass(n) ? (float) loss(n) : Float.NaN);
    }
  }

  private double loss(long n) {
    double logSum = scores.logSum(n);
    double loss = (1 - smoothing) * (logSum - scores.get(n, (int) scores.label(n)));
    // 0 times an infinite score would not be 0, which it is in an entropy.
    if (smoothing != 0) {
      double sum = 0;
      for (int k = 0; k < scores.classes(); k++) {
        sum += logSum - scores.get(n, k);
      }
      loss += smoothing * sum / scores.classes();
    }
    return loss;
  }
}
