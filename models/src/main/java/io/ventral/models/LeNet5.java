package io.ventral.models;

import static io.ventral.tensor.Window2d.square;

import io.ventral.network.Network;
import io.ventral.network.NetworkBuilder;
import io.ventral.network.NetworkBuilder.Tap;
import io.ventral.network.NetworkDefinition;
import io.ventral.network.NetworkRequest;
import io.ventral.tensor.Rounding;

/**
 * LeNet-5 (LeCun, Bottou, Bengio, Haffner 1998) in today's form: ReLU and max pooling in place of
 * tanh and trained subsampling, all 16 maps of the second convolution fed by all 6 of the first,
 * softmax in place of radial basis functions. 61,706 parameters at 1×28×28 and ten classes.
 */
public final class LeNet5 implements NetworkDefinition {
  @Override
  public String name() {
    return "lenet5";
  }

  @Override
  public String description() {
    return "LeNet-5 (LeCun et al. 1998) with ReLU and max pooling, for small images";
  }

  @Override
  public NetworkRequest defaults() {
    return new NetworkRequest(1, 28, 28, 10);
  }

  @Override
  public boolean sizeFollowsData() {
    return true;
  }

  @Override
  public Network define(NetworkRequest request) {
    NetworkBuilder net = new NetworkBuilder(name(), request);
    Tap x = net.relu(net.conv("conv1", net.input(), 6, square(5, 1, 2)));
    x = net.maxPool(x, square(2, 2, 0), Rounding.FLOOR);
    x = net.relu(net.conv("conv2", x, 16, square(5, 1, 0)));
    x = net.maxPool(x, square(2, 2, 0), Rounding.FLOOR);
    x = net.relu(net.linear("fc1", x, 120));
    x = net.relu(net.linear("fc2", x, 84));
    return net.build(net.linear("fc3", x, request.classes()));
  }
}
