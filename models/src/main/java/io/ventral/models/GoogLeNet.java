package io.ventral.models;

import static io.ventral.tensor.Window2d.square;

import io.ventral.network.Initializer;
import io.ventral.network.Network;
import io.ventral.network.NetworkBuilder;
import io.ventral.network.NetworkBuilder.Tap;
import io.ventral.network.NetworkDefinition;
import io.ventral.network.NetworkRequest;
import io.ventral.tensor.Rounding;
import io.ventral.tensor.Window2d;

/**
 * GoogLeNet (Szegedy et al. 2015) as torchvision has it: batch normalisation after every
 * convolution, and a 3×3 convolution where the paper's third branch has 5×5. Two auxiliary outputs
 * count 0.3 each in training. 13,004,888 parameters at 1000 classes, auxiliary outputs included;
 * 6,624,904 without.
 */
final class GoogLeNet {
  private static final double EPSILON = 1e-3;
  private static final double MOMENTUM = 0.1;
  private static final double AUXILIARY_WEIGHT = 0.3;

  private final NetworkBuilder net;
  private final int classes;

  private GoogLeNet(NetworkRequest request) {
    net = new NetworkBuilder("googlenet", request);
    classes = request.classes();
  }

  static NetworkDefinition definition() {
    return new ImageNetModel(
        "googlenet",
        "GoogLeNet with batch normalisation (Szegedy et al. 2015), as in torchvision",
        GoogLeNet.class,
        request -> new GoogLeNet(request).define());
  }

  /** Channels of the four branches of an inception block, with those of their reductions. */
  private record Inception(
      int branch1, int reduce2, int branch2, int reduce3, int branch3, int branch4) {}

  private Network define() {
    net.initialize(new Initializer.Normal(0.01));
    Tap x = conv("conv1", net.input(), 64, square(7, 2, 3));
    x = pool(x, square(3, 2, 0));
    x = conv("conv3", conv("conv2", x, 64, square(1, 1, 0)), 192, square(3, 1, 1));
    x = pool(x, square(3, 2, 0));
    x = inception("inception3a", x, new Inception(64, 96, 128, 16, 32, 32));
    x = inception("inception3b", x, new Inception(128, 128, 192, 32, 96, 64));
    x = pool(x, square(3, 2, 0));
    x = inception("inception4a", x, new Inception(192, 96, 208, 16, 48, 64));
    auxiliary("aux1", x);
    x = inception("inception4b", x, new Inception(160, 112, 224, 24, 64, 64));
    x = inception("inception4c", x, new Inception(128, 128, 256, 24, 64, 64));
    x = inception("inception4d", x, new Inception(112, 144, 288, 32, 64, 64));
    auxiliary("aux2", x);
    x = inception("inception4e", x, new Inception(256, 160, 320, 32, 128, 128));
    x = pool(x, square(2, 2, 0));
    x = inception("inception5a", x, new Inception(256, 160, 320, 32, 128, 128));
    x = inception("inception5b", x, new Inception(384, 192, 384, 48, 128, 128));
    x = net.dropout(net.adaptiveAvgPool(x, 1, 1), 0.2);
    return net.build(net.linear("fc", x, classes));
  }

  private Tap inception(String name, Tap x, Inception size) {
    Tap one = conv(name + ".branch1", x, size.branch1(), square(1, 1, 0));
    Tap two = conv(name + ".branch2.0", x, size.reduce2(), square(1, 1, 0));
    two = conv(name + ".branch2.1", two, size.branch2(), square(3, 1, 1));
    Tap three = conv(name + ".branch3.0", x, size.reduce3(), square(1, 1, 0));
    three = conv(name + ".branch3.1", three, size.branch3(), square(3, 1, 1));
    Tap four = conv(name + ".branch4.1", pool(x, square(3, 1, 1)), size.branch4(), square(1, 1, 0));
    return net.concat(one, two, three, four);
  }

  private void auxiliary(String name, Tap x) {
    Tap y = conv(name + ".conv", net.adaptiveAvgPool(x, 4, 4), 128, square(1, 1, 0));
    y = net.dropout(net.relu(net.linear(name + ".fc1", y, 1024)), 0.7);
    net.auxiliary(net.linear(name + ".fc2", y, classes), AUXILIARY_WEIGHT);
  }

  private Tap conv(String name, Tap x, int channels, Window2d window) {
    Tap y = net.convWithoutBias(name + ".conv", x, channels, window);
    return net.relu(net.batchNorm(name + ".bn", y, EPSILON, MOMENTUM));
  }

  private Tap pool(Tap x, Window2d window) {
    return net.maxPool(x, window, Rounding.CEIL);
  }
}
