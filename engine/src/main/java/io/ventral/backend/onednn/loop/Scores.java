package io.ventral.backend.onednn.loop;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ventral.backend.Operands;
import io.ventral.backend.onednn.library.NativeMemory;
import java.lang.foreign.MemorySegment;

/** Scores [N,K] and labels [N] (i64), the first two operands of what judges scores. */
record Scores(MemorySegment x, MemorySegment labels, int samples, int classes) {
  static Scores of(Operands operands) {
    return new Scores(
        NativeMemory.of(operands.inputs().get(0)),
        NativeMemory.of(operands.inputs().get(1)),
        operands.inputs().getFirst().type().extent(0),
        operands.inputs().getFirst().type().extent(1));
  }

  long elements() {
    return (long) samples * classes;
  }

  float get(long sample, int k) {
    return x.getAtIndex(JAVA_FLOAT, sample * classes + k);
  }

  long label(long sample) {
    return labels.getAtIndex(JAVA_LONG, sample);
  }

  /** Returns whether the label of a sample is a class. */
  boolean hasClass(long sample) {
    return label(sample) >= 0 && label(sample) < classes;
  }

  /** Returns log Σ e^x[k], shifted by the maximum so that no power overflows. */
  double logSum(long sample) {
    float max = Float.NEGATIVE_INFINITY;
    for (int k = 0; k < classes; k++) {
      max = Math.max(max, get(sample, k));
    }
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      sum += Math.exp((double) get(sample, k) - max);
    }
    return max + Math.log(sum);
  }
}
