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
 * The algorithms found so far, in memory and, for the next process, in a file of lines that only
 * grows: what was found under which circumstances, a tab, the algorithm. The last line on a thing
 * counts. A file that cannot be read or written costs time alone: everything is measured again.
 *
 * <p>GPUs of one list share a store: of a kind, they compute with the same algorithms.
 */
public final class AlgorithmStore {
  private static final String SEPARATOR = "\t";

  private final Map<String, Algorithm> found = new LinkedHashMap<>();
  private final Map<String, Algorithm> chosen = new LinkedHashMap<>();
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
      Algorithm.parse(parts[2])
          .ifPresent(algorithm -> found.put(key(parts[0], parts[1]), algorithm));
    }
  }

  private static String key(String circumstances, String problem) {
    return circumstances + SEPARATOR + problem;
  }

  /**
   * Returns the algorithm for a problem, if one is known.
   *
   * @param circumstances on which algorithms depend: GPU, versions, what is allowed
   */
  Optional<Algorithm> get(String circumstances, String problem) {
    String key = key(circumstances, problem);
    Optional<Algorithm> algorithm = Optional.ofNullable(found.get(key));
    algorithm.ifPresent(known -> chosen.put(key, known));
    return algorithm;
  }

  void put(String circumstances, String problem, Algorithm algorithm) {
    String key = key(circumstances, problem);
    found.put(key, algorithm);
    chosen.put(key, algorithm);
    file.ifPresent(path -> append(path, line(key, algorithm)));
  }

  private static String line(String key, Algorithm algorithm) {
    return key + SEPARATOR + algorithm;
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
    chosen.forEach((key, algorithm) -> lines.add(line(key, algorithm)));
    return lines;
  }

  /** Takes over such lines. */
  void adopt(List<String> choices) {
    choices.forEach(this::read);
  }
}
