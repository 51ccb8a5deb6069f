package io.ventral.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.network.Network;
import io.ventral.network.NetworkBuilder;
import io.ventral.network.NetworkBuilder.Tap;
import io.ventral.network.NetworkRequest;
import io.ventral.place.Mesh;
import io.ventral.run.DeviceOptions;
import io.ventral.tensor.DType;
import io.ventral.tensor.Precision;
import io.ventral.tensor.Window2d;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkDescriptionTest {
  private static Network network() {
    NetworkBuilder n = new NetworkBuilder("small", new NetworkRequest(3, 8, 8, 10));
    Tap x = n.relu(n.conv("conv", n.input(), 4, Window2d.square(3, 1, 1)));
    return n.build(n.softmax(n.linear("classes", n.flatten(x), 10)));
  }

  private static List<DType> formats(Precision precision) {
    NetworkDescription.Options options =
        new NetworkDescription.Options(
            Mesh.parse("reference"), precision, DeviceOptions.of(1), /* batch= */ 2, false);
    return NetworkDescription.of(network(), options).layers().stream()
        .map(layer -> layer.output().dtype())
        .toList();
  }

  /** Convolution, ReLU, flattening, products; probabilities come of sums of many. */
  @Test
  void aLayerHasTheFormatItIsComputedIn() {
    DType half = DType.BFLOAT16;
    assertEquals(List.of(half, half, half, half, DType.FLOAT32), formats(Precision.mixed(half)));
    assertEquals(
        List.of(DType.FLOAT64, DType.FLOAT64, DType.FLOAT64, DType.FLOAT64, DType.FLOAT64),
        formats(Precision.uniform(DType.FLOAT64)));
  }
}
