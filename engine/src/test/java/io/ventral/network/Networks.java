package io.ventral.network;

import io.ventral.network.NetworkBuilder.Tap;
import io.ventral.tensor.Rounding;
import io.ventral.tensor.Window2d;
import io.ventral.tensor.WindowAxis;

/** Networks for tests. */
final class Networks {
  private Networks() {}

  /** Returns a network with every kind of layer and every attribute away from its usual value. */
  static Network everyLayer() {
    NetworkBuilder n = new NetworkBuilder("every", new NetworkRequest(3, 16, 12, 5));
    Tap x = n.conv("conv1", n.input(), 8, Window2d.square(3, 2, 1));
    n.initialize(new Initializer.HeNormal(true));
    x = n.batchNorm("bn1", n.convWithoutBias("conv2", x, 8, asymmetric()), 1e-3, 0.2);
    n.initialize(new Initializer.Normal(0.01));
    Tap y = n.groupedConv("conv3", n.leakyRelu(x, 0.1), 8, Window2d.square(1, 1, 0), 4);
    x = n.concat(n.add(n.relu(x), y, n.tanh(y)), n.sigmoid(y));
    x = n.lrn(x, 5, 1e-4, 0.75, 2);
    x = n.maxPool(x, Window2d.square(3, 2, 1), Rounding.CEIL);
    x = n.avgPool(x, Window2d.square(2, 1, 1), Rounding.FLOOR, false);
    x = n.dropout(n.adaptiveAvgPool(x, 2, 3), 0.5);
    n.initialize(new Initializer.FanInUniform(0));
    Tap aux = n.add("aux", new LayerKind.Linear(5, false, new Initializer.Constant(0.1)), x);
    n.auxiliary(aux, 0.3);
    return n.build(n.softmax(n.linear("fc2", n.relu(n.linear("fc1", n.flatten(x), 7)), 5)));
  }

  private static Window2d asymmetric() {
    return new Window2d(new WindowAxis(1, 1, 0, 0, 1), new WindowAxis(3, 1, 2, 2, 2));
  }
}
