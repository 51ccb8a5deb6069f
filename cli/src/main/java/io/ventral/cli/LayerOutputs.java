package io.ventral.cli;

import io.ventral.error.EngineException;
import io.ventral.io.NpyFile;
import io.ventral.network.Layer;
import io.ventral.network.Network;
import io.ventral.run.Fetches;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Which layer's result goes to which file. */
record LayerOutputs(List<Target> targets) {
  /** The name of the network's output beside its layer's own. */
  private static final String OUTPUT = "output";

  /** A layer and the file for its result. */
  record Target(String layer, Path file) {}

  /**
   * Returns the targets of {@code arguments}; one without a name is the network's output.
   *
   * @throws EngineException USER for a layer that the network has not, with the nearest name, if
   *     several have no name, or for a file of another format than NumPy's
   */
  static LayerOutputs of(List<TensorArgument> arguments, Network network) {
    List<Target> targets = new ArrayList<>();
    for (TensorArgument argument : arguments) {
      String layer = argument.name().map(name -> layer(name, network)).orElse(network.output());
      targets.add(new Target(layer, npy(argument.file())));
    }
    if (arguments.stream().filter(argument -> argument.name().isEmpty()).count() > 1) {
      throw EngineException.user(
          "--output: network %s has one output; name the layer of each further file, as in %s=Y.npy"
              .formatted(network.name(), network.layers().getFirst().name()));
    }
    return new LayerOutputs(targets);
  }

  private static String layer(String name, Network network) {
    List<String> layers = network.layers().stream().map(Layer::name).toList();
    if (layers.contains(name)) {
      return name;
    }
    if (name.equals(OUTPUT)) {
      return network.output();
    }
    String hint =
        Suggestion.nearest(name, layers).map(near -> "; did you mean " + near + "?").orElse("");
    throw EngineException.user(
        "--output: network %s has no layer '%s'%s (ventral describe lists them)"
            .formatted(network.name(), name, hint));
  }

  private static Path npy(Path file) {
    if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".npy")) {
      throw EngineException.user("--output: results are written as .npy, not as " + file);
    }
    return file;
  }

  /** Returns the layers, each once. */
  List<String> layers() {
    return targets.stream().map(Target::layer).distinct().toList();
  }

  /** Writes each result to its file. */
  void write(Fetches results) {
    targets.forEach(target -> NpyFile.write(target.file(), results.get(target.layer())));
  }
}
