package io.ventral.rewrite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.Node;
import io.ventral.op.BiasAdd;
import io.ventral.op.Cast;
import io.ventral.op.Conv2d;
import io.ventral.op.Conv2dGradFilter;
import io.ventral.op.Pad;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.testing.ReferenceRun;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PadInputChannelsTest {
  private static final List<DeviceTraits> EIGHT = List.of(new DeviceTraits(true, false, 8));
  private static final Window2d STEM = Window2d.square(7, 2, 3);
  private static final Window2d THREE = Window2d.square(3, 1, 1);

  private final GraphBuilder builder = new GraphBuilder("stem");

  @Test
  void forImagesInStridesOfTwoFourChannelsAreEnough() {
    conv(STEM, 1, 3, 16, 64, DType.BFLOAT16);
    assertEquals(List.of(4), paddedChannels());
  }

  @Test
  void otherwiseTheyAreFilledUpToTheMultiple() {
    conv(THREE, 1, 3, 16, 64, DType.FLOAT16);
    conv(THREE, 1, 12, 16, 64, DType.FLOAT16);
    assertEquals(List.of(8, 16), paddedChannels());
  }

  @Test
  void whatFitsHasGroupsIsFloat32OrDenseStays() {
    conv(THREE, 1, 16, 16, 64, DType.BFLOAT16);
    conv(THREE, 3, 3, 16, 66, DType.BFLOAT16);
    conv(THREE, 1, 3, 16, 64, DType.FLOAT32);
    conv(Window2d.square(16, 1, 0), 1, 3, 16, 64, DType.BFLOAT16);
    assertEquals(List.of(), paddedChannels());
  }

  /** Six filters of 25 taps are computed in the time in which one channel is made eight. */
  @Test
  void whatIsSoonComputedStays() {
    conv(Window2d.square(5, 1, 2), 1, 1, 28, 6, DType.BFLOAT16);
    assertEquals(List.of(), paddedChannels());
  }

  @Test
  void oneWindowOfTheImagesServesTheConvolutionAndItsGradient() {
    training();
    Graph padded = Rewrites.apply(builder.build(), EIGHT);
    List<Node> pads = padded.nodes().stream().filter(node -> node.op() instanceof Pad).toList();
    assertEquals(2, pads.size());
    Value images = pads.getFirst().outputs().getFirst();
    assertEquals(2, padded.nodes().stream().filter(node -> node.inputs().contains(images)).count());
  }

  @Test
  void resultsAreTheSameToTheBit() {
    training();
    Graph plain = Rewrites.apply(builder.build(), List.of(DeviceTraits.usual()));
    Graph padded = Rewrites.apply(builder.build(), EIGHT);
    assertTrue(padded.nodes().stream().anyMatch(node -> node.op() instanceof Pad));
    try (ReferenceRun before = ReferenceRun.plain(plain);
        ReferenceRun after = ReferenceRun.plain(padded)) {
      for (ReferenceRun run : List.of(before, after)) {
        plain
            .inputs()
            .forEach(input -> run.feed(input.name(), numbers(input.value().type().elements())));
        run.run();
      }
      for (String output : List.of("y", "dw")) {
        assertArrayEquals(before.output(output), after.output(output), output);
      }
    }
  }

  private static double[] numbers(long count) {
    return IntStream.range(0, (int) count).mapToDouble(i -> Math.sin(i + 1)).toArray();
  }

  /** A stem with its bias and the gradient of its filter. */
  private void training() {
    Value x = narrow("x", 2, 3, 9, 9);
    Value y = builder.emit(new Conv2d(STEM, 1), x, narrow("w", 32, 3, 7, 7));
    Value b = builder.input("b", TensorType.of(DType.FLOAT32, 32));
    builder.output("y", builder.emit(new BiasAdd(), y, b));
    Value dy = narrow("dy", 2, 32, 5, 5);
    builder.output("dw", builder.emit(new Conv2dGradFilter(STEM, 1), x, dy));
  }

  private Value narrow(String name, int... extents) {
    Value wide = builder.input(name, TensorType.of(DType.FLOAT32, extents));
    return builder.emit(new Cast(DType.BFLOAT16), wide);
  }

  private void conv(Window2d window, int groups, int channels, int side, int filters, DType dtype) {
    int n = builder.nodes().size();
    int kernel = window.vertical().kernel();
    Value x = builder.input("x" + n, TensorType.of(dtype, 2, channels, side, side));
    Value w =
        builder.input("w" + n, TensorType.of(dtype, filters, channels / groups, kernel, kernel));
    builder.output("y" + n, builder.emit(new Conv2d(window, groups), x, w));
  }

  /** Returns the channels of padded operands of the convolutions, in order. */
  private List<Integer> paddedChannels() {
    Graph padded = Rewrites.apply(builder.build(), EIGHT);
    List<Value> pads =
        padded.nodes().stream()
            .filter(node -> node.op() instanceof Pad)
            .map(node -> node.outputs().getFirst())
            .toList();
    return padded.nodes().stream()
        .filter(node -> node.op() instanceof Conv2d)
        .map(node -> node.inputs().getFirst())
        .filter(pads::contains)
        .map(x -> x.type().extent(1))
        .toList();
  }
}
