package io.ventral.cli;

import io.ventral.models.Models;
import io.ventral.network.NetworkDefinition;
import io.ventral.network.NetworkRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists the built-in networks, or prints the source of one. */
@Command(
    name = "models",
    description = "Lists the built-in networks; 'models show NAME' prints a definition.",
    mixinStandardHelpOptions = true,
    footer = "%nExample: ventral models show lenet5")
final class ModelsCommand implements Runnable {
  @Override
  public void run() {
    for (NetworkDefinition model : Models.all()) {
      NetworkRequest size = model.defaults();
      System.out.printf(
          "%-12s %dx%dx%d, %d classes  %s%n",
          model.name(),
          size.channels(),
          size.height(),
          size.width(),
          size.classes(),
          model.description());
    }
  }

  @Command(
      name = "show",
      description = "Prints the Java source of a definition.",
      mixinStandardHelpOptions = true)
  void show(@Parameters(paramLabel = "NAME", description = "A built-in network.") String name) {
    if (ModelSource.of(name) instanceof ModelSource.Defined defined) {
      System.out.print(Models.source(defined.definition()));
    }
  }
}
