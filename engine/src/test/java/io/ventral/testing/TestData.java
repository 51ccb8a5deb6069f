package io.ventral.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the project's test files from wherever the tests are run. */
public final class TestData {
  private static final String FOLDER = "test-data";

  private TestData() {}

  /** Returns the path of a file below {@code test-data}, such as {@code golden/ops.json}. */
  public static Path path(String relative) {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve(FOLDER))) {
        return folder.resolve(FOLDER).resolve(relative);
      }
    }
    throw new IllegalStateException(
        "no folder " + FOLDER + " in " + Path.of("").toAbsolutePath() + " or above it");
  }
}
