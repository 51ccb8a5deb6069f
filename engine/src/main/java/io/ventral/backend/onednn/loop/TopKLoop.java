package io.ventral.backend.onednn.loop;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.onednn.library.NativeMemory;
import java.lang.foreign.MemorySegment;

/**
 * Sum of the weights of the samples whose label is among the k best: fewer than k classes have a
 * higher score, or an equal one and a lower index; NaN ranks below every number.
 */
public final class TopKLoop implements Launch {
  private final int k;
  private final Scores scores;
  private final MemorySegment weights;
  private final MemorySegment y;

  /** Returns the loop over scores, labels and the weights of the samples. */
  public TopKLoop(int k, Operands operands) {
    this.k = k;
    scores = Scores.of(operands);
    weights = NativeMemory.of(operands.inputs().get(2));
    y = NativeMemory.of(operands.outputs().getFirst());
  }

  @Override
  public void run() {
    double sum = 0;
    for (int n = 0; n < scores.samples(); n++) {
      if (scores.hasClass(n) && rank(n, (int) scores.label(n)) < k) {
        sum += weights.getAtIndex(JAVA_FLOAT, n);
      }
    }
    y.set(JAVA_FLOAT, 0, (float) sum);
  }

  /** Returns the number of classes in front of {@code label}. */
  private int rank(int n, int label) {
    float own = scores.get(n, label);
    int rank = 0;
    for (int other = 0; other < scores.classes(); other++) {
      float score = scores.get(n, other);
      boolean equal = score == own || (Float.isNaN(score) && Float.isNaN(own));
      boolean higher = score > own || (Float.isNaN(own) && !Float.isNaN(score));
      rank += higher || (equal && other < label) ? 1 : 0;
    }
    return rank;
  }
}
