package io.ventral.network;

import java.util.List;

/**
 * One layer of a network.
 *
 * @param name unique; parameters are called {@code name.weight} and so on
 * @param inputs names of the layers it reads; {@value Network#INPUT} is the image
 */
public record Layer(String name, LayerKind kind, List<String> inputs) {
  public Layer {
    inputs = List.copyOf(inputs);
  }
}
