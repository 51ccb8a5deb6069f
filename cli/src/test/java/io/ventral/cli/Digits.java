package io.ventral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.io.SafetensorsFile;
import io.ventral.io.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Commands on the small set of digits, and variants of its folders. */
final class Digits {
  static final Path DATA = Path.of("..", "test-data", "digits");

  private Digits() {}

  /**
   * Returns a run of {@code train} of lenet5 on 200 digits for one epoch, unless told otherwise.
   */
  static CliRun train(Path folder, String... more) {
    List<String> args = new ArrayList<>(List.of("train", "--model", "lenet5"));
    args.addAll(List.of("--data-path", DATA.toString(), "--output-dir", folder.toString()));
    List<String> given = List.of(more);
    addDefault(args, given, "--limit-train", "200");
    addDefault(args, given, "--limit-val", "50");
    addDefault(args, given, "--epochs", "1");
    args.addAll(given);
    return CliRun.of(args.toArray(String[]::new));
  }

  private static void addDefault(List<String> args, List<String> given, String flag, String value) {
    if (!given.contains(flag)) {
      args.addAll(List.of(flag, value));
    }
  }

  /** Returns the last line. */
  static String lastLine(String text) {
    return text.lines().reduce((first, second) -> second).orElse("");
  }

  /** Checks that a run failed with this code and one line on stderr's end that holds all parts. */
  static void assertFails(CliRun run, int exitCode, String... parts) {
    assertEquals(exitCode, run.exitCode(), run.err());
    String line = lastLine(run.err());
    assertTrue(line.startsWith("ventral: "), run.err());
    for (String part : parts) {
      assertTrue(line.contains(part), part + " in: " + line);
    }
  }

  /** Copies {@code count} validation images of class {@code from} into the folder {@code to}. */
  static void copyClass(String from, Path to, int count) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(DATA.resolve("val").resolve(from))) {
      files.sorted().limit(count).forEach(file -> copy(file, to.resolve(file.getFileName())));
    }
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the tensors of {@code weights} without what we say about them to {@code target}. */
  static Path bare(Path weights, Path target) {
    List<SafetensorsWriter.Entry> entries = new ArrayList<>();
    try (SafetensorsFile file = SafetensorsFile.open(weights)) {
      for (String name : file.names()) {
        if (!name.startsWith("optimizer.")) {
          entries.add(new SafetensorsWriter.Entry(name, file.read(name)));
        }
      }
      SafetensorsWriter.write(target, entries, Map.of());
    }
    entries.forEach(entry -> entry.tensor().close());
    return target;
  }
}
