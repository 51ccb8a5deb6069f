package io.ventral.cli;

import picocli.CommandLine.Command;

/** Placeholder. */
@Command(name = "predict", mixinStandardHelpOptions = true)
final class PredictCommand implements Runnable {
  @Override
  public void run() {}
}
