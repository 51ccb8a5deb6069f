package io.ventral.models;

import static io.ventral.tensor.Window2d.square;

import io.ventral.network.Initializer;
import io.ventral.network.Network;
import io.ventral.network.NetworkBuilder;
import io.ventral.network.NetworkBuilder.Tap;
import io.ventral.network.NetworkRequest;

/**
 * A residual network with an identity and a projected shortcut, small enough to be computed by
 * plain loops in many steps, on images of 16 pixels or more: every statistic is one of a hundred
 * numbers, for one of few would turn roundings into other results.
 */
final class SmallResNet {
  static final String NAME = "small-resnet";

  private final NetworkBuilder net;

  private SmallResNet(NetworkRequest request) {
    net = new NetworkBuilder(NAME, request);
    net.initialize(new Initializer.HeNormal(true));
  }

  /** Returns this network or the built-in one of that name. */
  static Network find(String name, NetworkRequest request) {
    return name.equals(NAME)
        ? new SmallResNet(request).define(request.classes())
        : Models.find(name).orElseThrow().define(request);
  }

  private Network define(int classes) {
    Tap x = net.relu(convNorm("conv1", net.input(), 16, 3, 1));
    x = net.relu(net.add(x, convNorm("b.2", net.relu(convNorm("b.1", x, 16, 3, 1)), 16, 3, 1)));
    Tap y = convNorm("c.2", net.relu(convNorm("c.1", x, 32, 3, 2)), 32, 3, 1);
    x = net.relu(net.add(y, convNorm("c.down", x, 32, 1, 2)));
    return net.build(net.linear("fc", net.adaptiveAvgPool(x, 1, 1), classes));
  }

  private Tap convNorm(String name, Tap x, int out, int kernel, int stride) {
    Tap y = net.convWithoutBias(name, x, out, square(kernel, stride, kernel / 2));
    return net.batchNorm(name + ".norm", y, 1e-5, 0.1);
  }
}
