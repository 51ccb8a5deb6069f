package io.ventral.error;

/**
 * The only exception the engine throws on purpose. The message is one line that names the layer or
 * the file, what was found and what would fit.
 */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorKind kind;

  public EngineException(ErrorKind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public EngineException(ErrorKind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Returns the kind, which decides the exit code. */
  public ErrorKind kind() {
    return kind;
  }

  /**
   * Returns the same error with {@code context} (a layer, a file) named in front of the message.
   */
  public EngineException in(String context) {
    return new EngineException(kind, context + ": " + getMessage(), this);
  }

  public static EngineException user(String message) {
    return new EngineException(ErrorKind.USER, message);
  }

  public static EngineException unsupported(String message) {
    return new EngineException(ErrorKind.UNSUPPORTED, message);
  }

  public static EngineException resource(String message) {
    return new EngineException(ErrorKind.RESOURCE, message);
  }

  public static EngineException device(String message) {
    return new EngineException(ErrorKind.DEVICE, message);
  }

  public static EngineException data(String message) {
    return new EngineException(ErrorKind.DATA, message);
  }

  public static EngineException nonFinite(String message) {
    return new EngineException(ErrorKind.NON_FINITE, message);
  }

  public static EngineException internal(String message) {
    return new EngineException(ErrorKind.INTERNAL, message);
  }
}
