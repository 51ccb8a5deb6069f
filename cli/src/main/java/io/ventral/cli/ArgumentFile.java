package io.ventral.cli;

import java.util.ArrayList;
import java.util.List;

/** Argument files: a flag and its value a line, {@code #} before a comment. */
final class ArgumentFile {
  private ArgumentFile() {}

  /** Returns the words of a file whose values are not quoted. */
  static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .forEach(line -> words.addAll(List.of(line.split("\\s+", 2))));
    return words;
  }

  /** Returns the lines of a file that gives back {@code words}: flag, value, flag, value. */
  static List<String> lines(List<String> words) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i + 1 < words.size(); i += 2) {
      lines.add(words.get(i) + " " + quoted(words.get(i + 1)));
    }
    return lines;
  }

  private static String quoted(String word) {
    boolean plain = word.matches("[\\w./:,+=-]+");
    return plain ? word : '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
