package io.ventral.cli;

import picocli.CommandLine.Command;

/** Placeholder. */
@Command(name = "run", mixinStandardHelpOptions = true)
final class RunCommand implements Runnable {
  @Override
  public void run() {}
}
