package io.ventral.train;

import io.ventral.data.Preprocessing;
import io.ventral.network.Network;
import java.util.List;
import java.util.Optional;

/**
 * What a weights file of ours says beside its tensors.
 *
 * @param classNames by class index
 * @param training where training stood; empty in a file of bare weights
 * @param arguments the flags of the run
 * @param origin device list, number format and thread count that made the numbers
 * @param choices what the devices chose by measuring
 */
public record CheckpointInfo(
    Network network,
    List<String> classNames,
    Preprocessing preprocessing,
    Optional<TrainingState> training,
    List<String> arguments,
    String origin,
    List<String> choices) {
  public CheckpointInfo {
    classNames = List.copyOf(classNames);
    arguments = List.copyOf(arguments);
    choices = List.copyOf(choices);
  }
}
