package io.ventral.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that a mistyped word was meant to be. */
final class Suggestion {
  private Suggestion() {}

  /** Returns the name nearest to {@code word} by edits, if it is near enough to be meant. */
  static Optional<String> nearest(String word, Collection<String> names) {
    return names.stream()
        .min(
            Comparator.comparingInt((String name) -> distance(word, name))
                .thenComparing(Comparator.naturalOrder()))
        .filter(name -> distance(word, name) <= Math.max(2, word.length() / 3));
  }

  /** Returns the Levenshtein distance: insertions, deletions and replacements of single letters. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
