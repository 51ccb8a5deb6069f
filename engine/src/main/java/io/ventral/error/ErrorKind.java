package io.ventral.error;

/** What kind of thing went wrong, which decides who has to act and the exit code of the process. */
public enum ErrorKind {
  /**
   * A flag, a name or a network that cannot mean anything: the caller has to change the request.
   */
  USER(2),
  /** A meaningful request that this version or this device does not offer. */
  UNSUPPORTED(3),
  /** Not enough memory or disk. */
  RESOURCE(4),
  /** A device, a driver or a library that is missing, damaged or has failed. */
  DEVICE(5),
  /** The contents of a file: damaged, truncated, of another format or of another network. */
  DATA(6),
  /** Training produced a value that is not finite. */
  NON_FINITE(7),
  /** A defect of ours. */
  INTERNAL(70);

  private final int exitCode;

  ErrorKind(int exitCode) {
    this.exitCode = exitCode;
  }

  /** Returns the process exit code for errors of this kind. */
  public int exitCode() {
    return exitCode;
  }
}
