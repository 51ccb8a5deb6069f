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
 * VGG (Simonyan and Zisserman 2015): 3×3 convolutions throughout, five poolings, three fully
 * connected layers, named as in torchvision. VGG-16 has 138,357,544 parameters at 1000 classes.
 */
final class Vgg {
  private static final int HIDDEN = 4096;

  /** Configuration D of the paper: channels of the convolutions between two poolings. */
  private static final List<List<Integer>> D =
      List.of(
          List.of(64, 64),
          List.of(128, 128),
          List.of(256, 256, 256),
          List.of(512, 512, 512),
          List.of(512, 512, 512));

  private Vgg() {}

  /** Returns VGG-16. */
  static NetworkDefinition vgg16() {
    return new ImageNetModel(
        "vgg16",
        "VGG-16, configuration D (Simonyan and Zisserman 2015)",
        Vgg.class,
        request -> define("vgg16", D, request));
  }

  private static Network define(
      String name, List<List<Integer>> configuration, NetworkRequest request) {
    NetworkBuilder net = new NetworkBuilder(name, request);
    net.initialize(new Initializer.HeNormal(true));
    Tap x = net.input();
    int index = 0;
    for (List<Integer> block : configuration) {
      for (int channels : block) {
        x = net.relu(net.conv("features." + index, x, channels, square(3, 1, 1)));
        // Torchvision numbers convolution, activation and pooling alike.
        index += 2;
      }
      x = net.maxPool(x, square(2, 2, 0), Rounding.FLOOR);
      index++;
    }
    net.initialize(new Initializer.Normal(0.01));
    x = net.adaptiveAvgPool(x, 7, 7);
    x = net.dropout(net.relu(net.linear("classifier.0", x, HIDDEN)), 0.5);
    x = net.dropout(net.relu(net.linear("classifier.3", x, HIDDEN)), 0.5);
    return net.build(net.linear("classifier.6", x, request.classes()));
  }
}
