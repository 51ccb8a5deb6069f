package io.ventral.network;

import io.ventral.error.EngineException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A network as data.
 *
 * @param layers in an order in which each reads only earlier ones
 * @param output the layer that gives the scores, [N, classes]
 * @param auxiliaries further scores that count in training alone
 */
public record Network(
    String name,
    NetworkRequest request,
    List<Layer> layers,
    String output,
    List<Auxiliary> auxiliaries) {
  /** The name by which layers read the image. */
  public static final String INPUT = "input";

  /** Scores of a layer whose loss is added, with a factor, in training. */
  public record Auxiliary(String layer, double lossWeight) {}

  public Network {
    layers = List.copyOf(layers);
    auxiliaries = List.copyOf(auxiliaries);
    Set<String> known = new HashSet<>(Set.of(INPUT));
    for (Layer layer : layers) {
      for (String input : layer.inputs()) {
        require(known, input, name + ": layer " + layer.name());
      }
      if (!known.add(layer.name())) {
        throw EngineException.user(name + ": two layers are called " + layer.name());
      }
    }
    require(known, output, name + ": output");
    for (Auxiliary auxiliary : auxiliaries) {
      require(known, auxiliary.layer(), name + ": auxiliary output");
    }
  }

  private static void require(Set<String> known, String layer, String where) {
    if (!known.contains(layer)) {
      throw EngineException.user(
          where + " reads layer '" + layer + "', which is not defined before it");
    }
  }
}
