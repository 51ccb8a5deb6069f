package io.ventral.network;

import io.ventral.tensor.Rounding;
import io.ventral.tensor.Window2d;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes a network down, layer by layer. Each method returns a handle on the layer it adds. Layers
 * without parameters may go unnamed and are numbered by kind.
 */
public final class NetworkBuilder {
  /** A layer's result, to be read by further layers. */
  public record Tap(String layer) {}

  private final String name;
  private final NetworkRequest request;
  private final List<Layer> layers = new ArrayList<>();
  private final List<Network.Auxiliary> auxiliaries = new ArrayList<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private Initializer initializer = new Initializer.HeNormal(false);

  public NetworkBuilder(String name, NetworkRequest request) {
    this.name = name;
    this.request = request;
  }

  /** Chooses how the weights of the layers that follow begin; He's normal by fan-in at first. */
  public NetworkBuilder initialize(Initializer weights) {
    initializer = weights;
    return this;
  }

  public Tap input() {
    return new Tap(Network.INPUT);
  }

  /** Adds a convolution with bias. */
  public Tap conv(String layer, Tap x, int channels, Window2d window) {
    return add(layer, new LayerKind.Conv(channels, window, 1, true, initializer), x);
  }

  /** Adds a convolution without bias, as in front of a batch normalisation. */
  public Tap convWithoutBias(String layer, Tap x, int channels, Window2d window) {
    return add(layer, new LayerKind.Conv(channels, window, 1, false, initializer), x);
  }

  /** Adds a convolution whose channels fall into groups that do not see one another. */
  public Tap groupedConv(String layer, Tap x, int channels, Window2d window, int groups) {
    return add(layer, new LayerKind.Conv(channels, window, groups, true, initializer), x);
  }

  /** Adds a fully connected layer with bias. */
  public Tap linear(String layer, Tap x, int features) {
    return add(layer, new LayerKind.Linear(features, true, initializer), x);
  }

  public Tap batchNorm(String layer, Tap x, double epsilon, double momentum) {
    return add(layer, new LayerKind.BatchNorm(epsilon, momentum), x);
  }

  public Tap lrn(Tap x, int size, double alpha, double beta, double k) {
    return add(numbered("norm"), new LayerKind.Lrn(size, alpha, beta, k), x);
  }

  public Tap relu(Tap x) {
    return add(numbered("relu"), new LayerKind.Relu(), x);
  }

  public Tap leakyRelu(Tap x, double slope) {
    return add(numbered("leaky_relu"), new LayerKind.LeakyRelu(slope), x);
  }

  public Tap sigmoid(Tap x) {
    return add(numbered("sigmoid"), new LayerKind.Sigmoid(), x);
  }

  public Tap tanh(Tap x) {
    return add(numbered("tanh"), new LayerKind.Tanh(), x);
  }

  public Tap maxPool(Tap x, Window2d window, Rounding rounding) {
    return add(numbered("pool"), new LayerKind.MaxPool(window, rounding), x);
  }

  public Tap avgPool(Tap x, Window2d window, Rounding rounding, boolean countIncludePad) {
    return add(numbered("avgpool"), new LayerKind.AvgPool(window, rounding, countIncludePad), x);
  }

  public Tap adaptiveAvgPool(Tap x, int height, int width) {
    return add(numbered("avgpool"), new LayerKind.AdaptiveAvgPool(height, width), x);
  }

  public Tap dropout(Tap x, double rate) {
    return add(numbered("dropout"), new LayerKind.Dropout(rate), x);
  }

  public Tap add(Tap... summands) {
    return add(numbered("add"), new LayerKind.Add(), summands);
  }

  public Tap concat(Tap... parts) {
    return add(numbered("concat"), new LayerKind.Concat(), parts);
  }

  public Tap flatten(Tap x) {
    return add(numbered("flatten"), new LayerKind.Flatten(), x);
  }

  public Tap softmax(Tap x) {
    return add(numbered("softmax"), new LayerKind.Softmax(), x);
  }

  /** Adds any layer under a name. */
  public Tap add(String layer, LayerKind kind, Tap... inputs) {
    layers.add(new Layer(layer, kind, Stream.of(inputs).map(Tap::layer).toList()));
    return new Tap(layer);
  }

  /** Declares scores whose loss, times {@code lossWeight}, counts in training alone. */
  public NetworkBuilder auxiliary(Tap scores, double lossWeight) {
    auxiliaries.add(new Network.Auxiliary(scores.layer(), lossWeight));
    return this;
  }

  /** Returns the network whose scores are {@code output}. */
  public Network build(Tap output) {
    return new Network(name, request, layers, output.layer(), auxiliaries);
  }

  private String numbered(String kind) {
    return kind + counts.merge(kind, 1, Integer::sum);
  }
}
