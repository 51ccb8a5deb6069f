package io.ventral.cli;

import picocli.CommandLine.Command;

/** Placeholder. */
@Command(name = "describe", mixinStandardHelpOptions = true)
final class DescribeCommand implements Runnable {
  @Override
  public void run() {}
}
