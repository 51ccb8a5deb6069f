package io.ventral.cli;

import io.ventral.network.Layer;
import io.ventral.network.LayerKind;
import io.ventral.network.Network;
import io.ventral.train.Checkpoint;
import java.util.Optional;

/**
 * What the shapes in a weights file say of a network that has layers of the same names, where the
 * file itself says nothing.
 */
record BareWeights(Checkpoint file, Network network) {
  /** Returns the shapes in {@code file} read as those of {@code model}. */
  static BareWeights of(Checkpoint file, ModelSource model) {
    return new BareWeights(file, model.network(model.defaults()));
  }

  /** Returns the channels of the images, if the first layer is a convolution. */
  Optional<Integer> channels() {
    return network.layers().stream()
        .filter(layer -> layer.inputs().contains(Network.INPUT))
        .filter(layer -> layer.kind() instanceof LayerKind.Conv)
        .findFirst()
        .flatMap(
            layer ->
                extent(layer, 1).map(inputs -> inputs * ((LayerKind.Conv) layer.kind()).groups()));
  }

  /** Returns the number of classes: what the last layer with weights before the output gives. */
  Optional<Integer> classes() {
    String name = network.output();
    while (!name.equals(Network.INPUT)) {
      Layer layer = layer(name);
      if (layer.kind() instanceof LayerKind.Conv || layer.kind() instanceof LayerKind.Linear) {
        return extent(layer, 0);
      }
      name = layer.inputs().getFirst();
    }
    return Optional.empty();
  }

  private Layer layer(String name) {
    return network.layers().stream()
        .filter(layer -> layer.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Optional<Integer> extent(Layer layer, int axis) {
    return file.shape(layer.name() + ".weight")
        .filter(shape -> shape.size() > axis)
        .map(shape -> Math.toIntExact(shape.get(axis)));
  }
}
