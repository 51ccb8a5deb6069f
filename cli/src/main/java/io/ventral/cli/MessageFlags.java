package io.ventral.cli;

import picocli.CommandLine.Option;

/** The flags that say how much is said. */
final class MessageFlags {
  @Option(
      names = {"-v", "--verbose"},
      description = "Say more: what the device is made of, on stderr; from doctor every kernel.")
  boolean verbose;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing on stderr but errors.")
  boolean quiet;

  Messages messages() {
    return new Messages(verbose, quiet);
  }
}
