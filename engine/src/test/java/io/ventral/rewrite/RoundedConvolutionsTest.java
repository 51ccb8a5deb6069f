package io.ventral.rewrite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.op.Add;
import io.ventral.op.Cast;
import io.ventral.op.Conv2dGradFilter;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.testing.ReferenceRun;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What convolutions of 16 bits round where a device has no other way. */
class RoundedConvolutionsTest {
  private static final List<DeviceTraits> ROUNDING = List.of(new DeviceTraits(true, true, 1));
  private static final List<DeviceTraits> EXACT = List.of(DeviceTraits.usual());
  private static final Window2d THREE = Window2d.square(3, 1, 1);

  private final GraphBuilder builder = new GraphBuilder("convolutions");
  private final RuleTrial trial = new RuleTrial(builder);

  @Test
  void theBiasIsCastToTheFormatOfTheValues() {
    builder.output("y", biased(DType.BFLOAT16, THREE));
    assertEquals(List.of("Cast to bf16", "Conv2d 3x3 stride 1 pad 1 + bias"), labels(ROUNDING));
  }

  @Test
  void soItIsWhereASumIsBehind() {
    Value y = biased(DType.BFLOAT16, THREE);
    builder.output("y", builder.emit(new Add(), y, builder.input("addend", y.type())));
    assertEquals(
        List.of("Cast to bf16", "Conv2d 3x3 stride 1 pad 1 + bias + sum"), labels(ROUNDING));
  }

  @Test
  void theGradientOfAFilterIsRoundedAndWidened() {
    builder.output("dw", gradient(DType.FLOAT16, THREE));
    assertEquals(
        List.of("Conv2dGradFilter 3x3 stride 1 pad 1 rounded", "Cast to f32"), labels(ROUNDING));
  }

  @Test
  void inFloat32AndInDenseLayersNothingIsRounded() {
    builder.output("wide", biased(DType.FLOAT32, THREE));
    builder.output("dense", biased(DType.BFLOAT16, Window2d.square(4, 1, 0)));
    builder.output("wide gradient", gradient(DType.FLOAT32, THREE));
    builder.output("dense gradient", gradient(DType.BFLOAT16, Window2d.square(4, 1, 0)));
    assertEquals(labels(EXACT), labels(ROUNDING));
  }

  @Test
  void whereDevicesAreExactNothingIsRounded() {
    builder.output("y", biased(DType.BFLOAT16, THREE));
    builder.output("dw", gradient(DType.BFLOAT16, THREE));
    assertEquals(
        List.of("Conv2d 3x3 stride 1 pad 1 + bias", "Conv2dGradFilter 3x3 stride 1 pad 1"),
        labels(EXACT));
  }

  /** The graph says what is lost: the reference computes the same as such a device. */
  @Test
  void whatIsLostIsSeenInTheGraph() {
    Value x = builder.input("x", TensorType.of(DType.FLOAT32, 1, 1, 3, 3));
    Value narrow = builder.emit(new Cast(DType.BFLOAT16), x);
    builder.output(
        "dw", builder.emit(new Conv2dGradFilter(Window2d.square(1, 1, 0), 1), narrow, narrow));
    Graph rounded = Rewrites.apply(builder.build(), ROUNDING);
    // Eight squares of 1 and one of 1/8: 8 + 2⁻⁶ needs more than 8 significant bits.
    double[] image = {1, 1, 1, 1, 1, 1, 1, 1, 0.125};
    try (ReferenceRun exact = ReferenceRun.of(builder.build());
        ReferenceRun lossy = ReferenceRun.of(rounded)) {
      assertArrayEquals(new double[] {8 + 0x1p-6}, exact.feed("x", image).run().output("dw"));
      assertArrayEquals(new double[] {8}, lossy.feed("x", image).run().output("dw"));
    }
  }

  private Value biased(DType dtype, Window2d window) {
    int n = builder.nodes().size();
    return trial.biased(builder.input("x" + n, TensorType.of(dtype, 2, 3, 4, 4)), window, 5);
  }

  private Value gradient(DType dtype, Window2d window) {
    int n = builder.nodes().size();
    int out = window.vertical().kernel() == 3 ? 4 : 1;
    Value x = builder.input("x" + n, TensorType.of(dtype, 2, 3, 4, 4));
    Value dy = builder.input("dy" + n, TensorType.of(dtype, 2, 5, out, out));
    return builder.emit(new Conv2dGradFilter(window, 1), x, dy);
  }

  private List<String> labels(List<DeviceTraits> devices) {
    return Rewrites.apply(builder.build(), devices).nodes().stream()
        .map(node -> node.op().label())
        .toList();
  }
}
