package io.ventral.backend.reference;

import io.ventral.op.FiniteCheck;
import java.util.List;

/** What is measured on the way and trained on by nobody. */
final class Metrics {
  private Metrics() {}

  /** Sum of weights [N] of the samples whose label is among the k best of scores [N,K]. */
  static void topKCount(int k, List<Elements> in, Elements y) {
    Elements scores = in.get(0);
    Elements labels = in.get(1);
    Elements weights = in.get(2);
    int classes = scores.extent(1);
    double sum = 0;
    for (int n = 0; n < scores.extent(0); n++) {
      double label = labels.get(n);
      if (label >= 0 && label < classes && rank(scores, n * classes, classes, (int) label) < k) {
        sum += weights.get(n);
      }
    }
    y.set(0, sum);
  }

  /** The number of classes in front of {@code label}. */
  private static int rank(Elements scores, int row, int classes, int label) {
    double own = scores.get(row + label);
    int rank = 0;
    for (int k = 0; k < classes; k++) {
      double other = scores.get(row + k);
      boolean equal = other == own || (Double.isNaN(other) && Double.isNaN(own));
      boolean higher = other > own || (Double.isNaN(own) && !Double.isNaN(other));
      rank += higher || (equal && k < label) ? 1 : 0;
    }
    return rank;
  }

  /** 1 if every element of every input is finite and an earlier flag, if any, is 1; else 0. */
  static void finiteCheck(FiniteCheck check, List<Elements> in, Elements y) {
    boolean before = !check.continued() || in.getFirst().get(0) != 0;
    y.set(0, before && check.values(in).stream().allMatch(Metrics::isFinite) ? 1 : 0);
  }

  private static boolean isFinite(Elements x) {
    for (int i = 0; i < x.count(); i++) {
      if (!Double.isFinite(x.get(i))) {
        return false;
      }
    }
    return true;
  }
}
