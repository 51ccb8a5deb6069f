package io.ventral.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import org.junit.jupiter.api.function.Executable;

/** What every error of the engine must be: of the right kind, one line, saying what it should. */
public final class Expect {
  private Expect() {}

  /** Asserts that {@code action} fails with an error of that kind whose text holds every part. */
  public static void error(ErrorKind kind, Executable action, String... parts) {
    EngineException error = assertThrows(EngineException.class, action);
    String message = error.getMessage();
    assertEquals(kind, error.kind(), message);
    assertFalse(message.contains("\n"), message);
    for (String part : parts) {
      assertTrue(message.contains(part), "'" + message + "' should say '" + part + "'");
    }
  }
}
