package io.ventral.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for the main Java files of every module. */
class SourcesTest {
  /** Lines of one file; the aim is half of it. */
  private static final int MAX_LINES = 400;

  private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();

  @Test
  void filesAreShort() throws IOException {
    assertEquals(
        List.of(),
        mainFiles().filter(file -> lines(file) > MAX_LINES).toList(),
        "files of more than " + MAX_LINES + " lines");
  }

  @Test
  void packagesSayWhatTheyAreFor() throws IOException {
    assertEquals(
        List.of(),
        mainFiles()
            .map(Path::getParent)
            .distinct()
            .filter(folder -> Files.notExists(PROJECT.resolve(folder).resolve("package-info.java")))
            .toList(),
        "packages without package-info.java");
  }

  /** The files in {@code MODULE/src/main/java}, sorted, relative to the project's folder. */
  private static Stream<Path> mainFiles() throws IOException {
    try (var modules = Files.list(PROJECT)) {
      return modules
          .map(module -> module.resolve("src/main/java"))
          .filter(Files::isDirectory)
          .flatMap(SourcesTest::javaFiles)
          .map(PROJECT::relativize)
          .sorted()
          .toList()
          .stream();
    }
  }

  private static Stream<Path> javaFiles(Path folder) {
    try (var paths = Files.walk(folder)) {
      return paths.filter(path -> path.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long lines(Path file) {
    try (var lines = Files.lines(PROJECT.resolve(file))) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
