package io.ventral.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.nio.file.Path;
import org.junit.jupiter.api.function.Executable;

/** What every error about a file must be: of the right kind, one line, naming the file. */
final class Expected {
  private Expected() {}

  static EngineException error(ErrorKind kind, Path file, Executable action) {
    EngineException error = assertThrows(EngineException.class, action);
    assertEquals(kind, error.kind(), error.getMessage());
    assertTrue(error.getMessage().startsWith(file + ": "), error.getMessage());
    assertFalse(error.getMessage().contains("\n"), error.getMessage());
    return error;
  }

  static void damaged(Path file, String part, Executable action) {
    String message = error(ErrorKind.DATA, file, action).getMessage();
    assertTrue(message.contains(part), message);
  }
}
