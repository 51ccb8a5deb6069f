package io.ventral.cli;

import io.ventral.error.EngineException;
import io.ventral.network.Network;
import io.ventral.network.NetworkJson;
import io.ventral.network.NetworkRequest;
import io.ventral.place.Mesh;
import io.ventral.train.NetworkDescription;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the layers of a network, what they cost, and the memory that it will take. */
@Command(
    name = "describe",
    description = {
      "Prints a row per layer: name, kind, output shape, parameters, multiply-adds and activation"
          + " bytes of the batch on one device; then the memory plan. No memory is taken for it."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = "%nExample: ventral describe lenet5 --training -b 32")
final class DescribeCommand implements Runnable {
  /** Form of the description. */
  enum Format {
    TEXT,
    JSON,
    CSV,
    NETWORK
  }

  @Parameters(
      paramLabel = "MODEL",
      description =
          "A built-in network (ventral models), a definition MyNet.java, a network .json.")
  String model;

  @Option(
      names = "--input",
      paramLabel = "CxHxW",
      description = "Channels, height and width of an image (default: the model's).")
  String input;

  @Option(
      names = "--classes",
      paramLabel = "N",
      description = "Number of classes (default: the model's).")
  Integer classes;

  @Option(
      names = {"-b", "--batch-size"},
      paramLabel = "N",
      description = "Images on each device (default: ${DEFAULT-VALUE}).",
      defaultValue = "1")
  int batch;

  @Option(
      names = "--training",
      description = "Plan the memory of training (SGD with momentum) instead of evaluation.")
  boolean training;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "text, json, csv (the layers), or network: a file that --model reads"
              + " (default: ${DEFAULT-VALUE}).",
      defaultValue = "text")
  Format format;

  @Mixin final DeviceFlags device = new DeviceFlags();
  @Mixin final MessageFlags say = new MessageFlags();

  @Override
  public void run() {
    if (batch < 1) {
      throw EngineException.user("--batch-size must be at least 1, not " + batch);
    }
    ModelSource source = ModelSource.of(model);
    Network network = source.network(request(source.defaults()));
    if (format == Format.NETWORK) {
      System.out.println(new NetworkJson().write(network));
      return;
    }
    Mesh mesh = device.devices(say.messages()).mesh();
    NetworkDescription description =
        NetworkDescription.of(
            network,
            new NetworkDescription.Options(
                mesh, device.precision(mesh, say.messages()), device.options(), batch, training));
    DescribeOutput output = new DescribeOutput(network, mesh, description);
    switch (format) {
      case TEXT -> output.text();
      case JSON -> output.json();
      case CSV -> output.csv();
      case NETWORK -> throw EngineException.internal("a network has been printed already");
    }
  }

  private NetworkRequest request(NetworkRequest defaults) {
    Optional<InputSize> size = Optional.ofNullable(input).map(InputSize::parse);
    return new NetworkRequest(
        size.map(InputSize::channels).orElse(defaults.channels()),
        size.map(InputSize::height).orElse(defaults.height()),
        size.map(InputSize::width).orElse(defaults.width()),
        Optional.ofNullable(classes).orElse(defaults.classes()));
  }
}
