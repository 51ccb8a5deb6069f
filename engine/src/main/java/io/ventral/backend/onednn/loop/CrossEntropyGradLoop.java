package io.ventral.backend.onednn.loop;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.onednn.library.NativeMemory;
import io.ventral.backend.onednn.library.Team;
import java.lang.foreign.MemorySegment;

/** dx[n,k] = dloss[n]·(p[k] − t[k]) for p = softmax(x) and the smoothed target t. */
public final class CrossEntropyGradLoop implements Launch, Team.Part {
  private final Team team;
  private final double smoothing;
  private final Scores scores;
  private final MemorySegment dlosses;
  private final MemorySegment dx;

  /** Returns the loop over scores, labels and the gradient of the losses. */
  public CrossEntropyGradLoop(Team team, double smoothing, Operands operands) {
    this.team = team;
    this.smoothing = smoothing;
    scores = Scores.of(operands);
    dlosses = NativeMemory.of(operands.inputs().get(2));
    dx = NativeMemory.of(operands.outputs().getFirst());
  }

  @Override
  public void run() {
    team.forEach(scores.elements(), scores.classes(), this);
  }

  @Override
  public void run(int thread, long first, long end) {
    for (long n = first / scores.classes(); n < end / scores.classes(); n++) {
      sample(n);
    }
  }

  private void sample(long n) {
    int classes = scores.classes();
    double logSum = scores.logSum(n);
    long label = scores.label(n);
    double dloss = scores.hasClass(n) ? dlosses.getAtIndex(JAVA_FLOAT, n) : Double.NaN;
    for (int k = 0; k < classes; k++) {
      double target = (k == label ? 1 - smoothing : 0) + smoothing / classes;
      double probability = Math.exp(scores.get(n, k) - logSum);
      dx.setAtIndex(JAVA_FLOAT, n * classes + k, (float) (dloss * (probability - target)));
    }
  }
}
