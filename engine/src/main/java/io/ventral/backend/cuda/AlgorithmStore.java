package io.ventral.backend.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The algorithms found so far, and for what there is none, in memory and, for the next process, in
 * a file of lines that only grows: circumstances, problem and choice, with tabs between. The last
 * line on a thing counts. A file that cannot be read or written costs time alone: everything is
 * measured again.
 *
 * <p>GPUs of one list share a store: of a kind, they compute with the same algorithms.
 */
public final class AlgorithmStore {
  private static final String SEPARATOR = "\t";

  private final Map<String, Choice> found = new LinkedHashMap<>();
  private final Map<String, Choice> chosen = new LinkedHashMap<>();
  private final Optional<Path> file;

  /** Reads the file, if there is one. */
  public AlgorithmStore(Optional<Path> file) {
    this.file = file;
    file.ifPresent(path -> lines(path).forEach(this::read));
  }

  private static List<String> lines(Path path) {
    try {
      return Files.exists(path) ? Files.readAllLines(path) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }

  private void read(String line) {
    String[] parts = line.split(SEPARATOR, -1);
    if (parts.length == 3) {
      Choice.parse(parts[2]).ifPresent(choice -> found.put(key(parts[0], parts[1]), choice));
    }
  }

  private static String key(String circumstances, String problem) {
    return circumstances + SEPARATOR + problem;
  }

  /**
   * Returns what is chosen for a problem, if that is known.
   *
   * @param circumstances on which algorithms depend: GPU, versions, what is allowed
   */
  Optional<Choice> get(String circumstances, String problem) {
    String key = key(circumstances, problem);
    Optional<Choice> choice = Optional.ofNullable(found.get(key));
    choice.ifPresent(known -> chosen.put(key, known));
    return choice;
  }

  void put(String circumstances, String problem, Choice choice) {
    String key = key(circumstances, problem);
    found.put(key, choice);
    chosen.put(key, choice);
    file.ifPresent(path -> append(path, line(key, choice)));
  }

  private static String line(String key, Choice choice) {
    return key + SEPARATOR + choice;
  }

  private static void append(Path path, String line) {
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      Files.writeString(path, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      // The next process measures again.
    }
  }

  /** Returns the lines of what was asked for so far. */
  List<String> choices() {
    List<String> lines = new ArrayList<>();
    chosen.forEach((key, choice) -> lines.add(line(key, choice)));
    return lines;
  }

  /** Takes over such lines. */
  void adopt(List<String> choices) {
    choices.forEach(this::read);
  }
}
