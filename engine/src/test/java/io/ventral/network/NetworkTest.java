package io.ventral.network;

import io.ventral.error.ErrorKind;
import io.ventral.graph.GraphBuilder;
import io.ventral.network.NetworkBuilder.Tap;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.Rounding;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.testing.Expect;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Networks that cannot be: the error names the layer and what it was given. */
class NetworkTest {
  private final NetworkBuilder builder = new NetworkBuilder("net", new NetworkRequest(3, 8, 8, 10));

  @Test
  void layersReadEarlierLayersOnly() {
    Expect.error(
        ErrorKind.USER,
        () -> builder.build(builder.relu(new Tap("later"))),
        "net: layer relu1 reads layer 'later', which is not defined before it");
  }

  @Test
  void theOutputIsALayer() {
    Expect.error(ErrorKind.USER, () -> builder.build(new Tap("nowhere")), "output", "nowhere");
  }

  @Test
  void namesAreUnique() {
    Tap x = builder.linear("fc", builder.input(), 10);
    Tap y = builder.linear("fc", x, 10);
    Expect.error(ErrorKind.USER, () -> builder.build(y), "net: two layers are called fc");
    NetworkBuilder other = new NetworkBuilder("other", new NetworkRequest(1, 1, 1, 1));
    Tap shadow = other.linear(Network.INPUT, other.input(), 1);
    Expect.error(ErrorKind.USER, () -> other.build(shadow), "two layers are called input");
  }

  @Test
  void auxiliaryScoresAreLayersOfTheNetwork() {
    builder.auxiliary(new Tap("ghost"), 0.3);
    Expect.error(
        ErrorKind.USER, () -> builder.build(builder.relu(builder.input())), "auxiliary", "ghost");
  }

  @Test
  void aRequestHasAtLeastOneOfEverything() {
    Expect.error(ErrorKind.USER, () -> new NetworkRequest(3, 0, 8, 10), "3x0x8", "10 classes");
    Expect.error(ErrorKind.USER, () -> new NetworkRequest(3, 8, 8, 0), "0 classes");
  }

  @Test
  void aLayerThatDoesNotFitIsNamedWithWhatItWasGiven() {
    refuse(
        (n, x) -> n.groupedConv("conv2", x, 8, Window2d.square(5, 1, 2), 2),
        "conv2 (Conv2d 5x5 stride 1 pad 2): input has 3 channels, not divisible by 2 groups",
        "f64[4,3,8,8]");
    refuse(
        (n, x) -> n.conv("huge", x, 8, Window2d.square(11, 4, 0)),
        "huge (Conv2d 11x11 stride 4 pad 0): a window of 11 elements does not fit into 8");
    refuse(
        (n, x) -> n.conv("late", n.flatten(x), 8, Window2d.square(1, 1, 0)),
        "late",
        "rank 4",
        "f64[4,192]");
    refuse(
        (n, x) -> n.maxPool(x, Window2d.square(2, 2, 2), Rounding.FLOOR), "pool1", "padding 2,2");
    refuse(
        (n, x) -> n.add(x, n.conv("narrow", x, 2, Window2d.square(1, 1, 0))),
        "add1 (Add)",
        "f64[4,3,8,8]",
        "f64[4,2,8,8]");
    refuse((n, x) -> n.add("twice", new LayerKind.Relu(), x, x), "twice (Relu): reads 2 layers");
    refuse((n, x) -> n.concat(), "concat1 (Concat): reads 0 layers");
  }

  private static void refuse(BiFunction<NetworkBuilder, Tap, Tap> layer, String... parts) {
    NetworkBuilder builder = new NetworkBuilder("net", new NetworkRequest(3, 8, 8, 10));
    Network network = builder.build(layer.apply(builder, builder.input()));
    GraphBuilder graph = new GraphBuilder("g");
    Value x = graph.batchedInput("x", TensorType.of(DType.FLOAT64, 4, 3, 8, 8));
    Expect.error(
        ErrorKind.USER,
        () ->
            NetworkLowering.lower(
                network, graph, x, null, LoweringOptions.evaluation(DType.FLOAT64)),
        parts);
  }
}
