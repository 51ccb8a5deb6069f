package io.ventral.models;

import io.ventral.network.Network;
import io.ventral.network.NetworkDefinition;
import io.ventral.network.NetworkRequest;
import java.util.function.Function;

/**
 * A network for photographs, 3×224×224 and a thousand classes unless told otherwise.
 *
 * @param family the class whose source shows the network
 * @param definition the network for a request
 */
record ImageNetModel(
    String name, String description, Class<?> family, Function<NetworkRequest, Network> definition)
    implements NetworkDefinition {
  @Override
  public NetworkRequest defaults() {
    return new NetworkRequest(3, 224, 224, 1000);
  }

  @Override
  public Network define(NetworkRequest request) {
    return definition.apply(request);
  }
}
