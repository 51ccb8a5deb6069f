package io.ventral.models;

import static io.ventral.tensor.Window2d.square;

import io.ventral.network.Initializer;
import io.ventral.network.Network;
import io.ventral.network.NetworkBuilder;
import io.ventral.network.NetworkBuilder.Tap;
import io.ventral.network.NetworkDefinition;
import io.ventral.network.NetworkRequest;
import io.ventral.tensor.Rounding;
import java.util.List;

/**
 * Residual networks (He, Zhang, Ren, Sun 2016), named as in torchvision. Bottleneck blocks have
 * their stride in the 3×3 convolution ("v1.5"), not in the first 1×1 as in the paper. ResNet-18 has
 * 11,689,512 parameters, ResNet-50 25,557,032, at 1000 classes.
 */
final class ResNet {
  private static final double EPSILON = 1e-5;
  private static final double MOMENTUM = 0.1;

  /** Channels of the output of a bottleneck block for each inner channel. */
  private static final int EXPANSION = 4;

  private final NetworkBuilder net;
  private final boolean bottleneck;
  private int channels = 64;

  private ResNet(NetworkBuilder net, boolean bottleneck) {
    this.net = net;
    this.bottleneck = bottleneck;
  }

  /** Returns ResNet-18: two basic blocks a stage. */
  static NetworkDefinition resnet18() {
    return definition("resnet18", "ResNet-18 (He et al. 2016)", false, List.of(2, 2, 2, 2));
  }

  /** Returns ResNet-50: bottleneck blocks. */
  static NetworkDefinition resnet50() {
    return definition(
        "resnet50",
        "ResNet-50 (He et al. 2016), stride in the 3x3 convolutions",
        true,
        List.of(3, 4, 6, 3));
  }

  private static NetworkDefinition definition(
      String name, String description, boolean bottleneck, List<Integer> blocks) {
    return new ImageNetModel(
        name,
        description,
        ResNet.class,
        request -> {
          NetworkBuilder net = new NetworkBuilder(name, request);
          return new ResNet(net, bottleneck).define(blocks, request);
        });
  }

  private Network define(List<Integer> blocks, NetworkRequest request) {
    net.initialize(new Initializer.HeNormal(true));
    Tap x = net.relu(convNorm("conv1", "bn1", net.input(), 64, 7, 2));
    x = net.maxPool(x, square(3, 2, 1), Rounding.FLOOR);
    for (int stage = 0; stage < blocks.size(); stage++) {
      for (int block = 0; block < blocks.get(stage); block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        x = block("layer%d.%d.".formatted(stage + 1, block), x, 64 << stage, stride);
      }
    }
    x = net.adaptiveAvgPool(x, 1, 1);
    net.initialize(new Initializer.FanInUniform(0));
    return net.build(net.linear("fc", x, request.classes()));
  }

  /** y = relu(x + f(x)), where x is projected if its shape changes. */
  private Tap block(String name, Tap x, int width, int stride) {
    int out = bottleneck ? width * EXPANSION : width;
    Tap shortcut = x;
    if (stride != 1 || channels != out) {
      shortcut = convNorm(name + "downsample.0", name + "downsample.1", x, out, 1, stride);
    }
    Tap y = bottleneck ? bottleneck(name, x, width, stride) : basic(name, x, width, stride);
    channels = out;
    return net.relu(net.add(y, shortcut));
  }

  private Tap basic(String name, Tap x, int width, int stride) {
    Tap y = net.relu(convNorm(name + "conv1", name + "bn1", x, width, 3, stride));
    return convNorm(name + "conv2", name + "bn2", y, width, 3, 1);
  }

  private Tap bottleneck(String name, Tap x, int width, int stride) {
    Tap y = net.relu(convNorm(name + "conv1", name + "bn1", x, width, 1, 1));
    y = net.relu(convNorm(name + "conv2", name + "bn2", y, width, 3, stride));
    return convNorm(name + "conv3", name + "bn3", y, width * EXPANSION, 1, 1);
  }

  private Tap convNorm(String conv, String norm, Tap x, int out, int kernel, int stride) {
    Tap y = net.convWithoutBias(conv, x, out, square(kernel, stride, kernel / 2));
    return net.batchNorm(norm, y, EPSILON, MOMENTUM);
  }
}
