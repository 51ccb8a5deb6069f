package io.ventral.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the project's test data lies, whatever module a test runs in. */
public final class TestData {
  private static final String FOLDER = "test-data";

  private TestData() {}

  /** Returns {@code relative} inside the project's folder {@code test-data}. */
  public static Path path(String relative) {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve(FOLDER))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("no folder " + FOLDER + " above the working directory");
      }
    }
    return folder.resolve(FOLDER).resolve(relative);
  }
}
