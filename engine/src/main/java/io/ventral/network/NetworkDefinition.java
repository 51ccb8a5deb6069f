package io.ventral.network;

/** A network as a function of its surroundings: what a definition file implements. */
public interface NetworkDefinition {
  /** Returns the name by which the network is asked for, such as {@code lenet5}. */
  String name();

  /** Returns one line on what it is and where it comes from. */
  String description();

  /** Returns what the network is for unless told otherwise. */
  NetworkRequest defaults();

  /**
   * Returns the network for this input and number of classes.
   *
   * @throws io.ventral.error.EngineException USER if it cannot be built for them
   */
  Network define(NetworkRequest request);

  /**
   * Returns whether input size follows the data unless given: so for networks of small images;
   * false for those that images are resized for.
   */
  default boolean sizeFollowsData() {
    return false;
  }
}
