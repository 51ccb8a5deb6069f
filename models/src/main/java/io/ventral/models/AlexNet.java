package io.ventral.models;

import static io.ventral.tensor.Window2d.square;

import io.ventral.network.Initializer;
import io.ventral.network.Network;
import io.ventral.network.NetworkBuilder;
import io.ventral.network.NetworkBuilder.Tap;
import io.ventral.network.NetworkDefinition;
import io.ventral.network.NetworkRequest;
import io.ventral.tensor.Rounding;

/**
 * AlexNet in the form of Krizhevsky's "One weird trick for parallelizing convolutional neural
 * networks" (2014), as torchvision has it: one column, 64-192-384-256-256 channels, no local
 * response normalisation. 61,100,840 parameters at 1000 classes.
 */
final class AlexNet {
  private static final int HIDDEN = 4096;

  private AlexNet() {}

  static NetworkDefinition definition() {
    return new ImageNetModel(
        "alexnet",
        "AlexNet, one column (Krizhevsky 2014), as in torchvision",
        AlexNet.class,
        AlexNet::define);
  }

  private static Network define(NetworkRequest request) {
    NetworkBuilder net = new NetworkBuilder("alexnet", request);
    net.initialize(new Initializer.FanInUniform(0));
    Tap x = net.relu(net.conv("features.0", net.input(), 64, square(11, 4, 2)));
    x = net.maxPool(x, square(3, 2, 0), Rounding.FLOOR);
    x = net.relu(net.conv("features.3", x, 192, square(5, 1, 2)));
    x = net.maxPool(x, square(3, 2, 0), Rounding.FLOOR);
    x = net.relu(net.conv("features.6", x, 384, square(3, 1, 1)));
    x = net.relu(net.conv("features.8", x, 256, square(3, 1, 1)));
    x = net.relu(net.conv("features.10", x, 256, square(3, 1, 1)));
    x = net.maxPool(x, square(3, 2, 0), Rounding.FLOOR);
    x = net.dropout(net.adaptiveAvgPool(x, 6, 6), 0.5);
    x = net.dropout(net.relu(net.linear("classifier.1", x, HIDDEN)), 0.5);
    x = net.relu(net.linear("classifier.4", x, HIDDEN));
    return net.build(net.linear("classifier.6", x, request.classes()));
  }
}
