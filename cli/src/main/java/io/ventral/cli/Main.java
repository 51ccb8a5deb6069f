package io.ventral.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code ventral}. Its exit code is 0, or the code of the error that ended it. */
@Command(
    name = "ventral",
    description = "Trains convolutional networks.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class Main {
  private Main() {}

  /** Runs the command that the arguments name. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }
}
