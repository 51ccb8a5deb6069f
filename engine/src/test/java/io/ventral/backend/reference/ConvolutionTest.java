package io.ventral.backend.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.ventral.op.Conv2d;
import io.ventral.op.Conv2dGradFilter;
import io.ventral.op.Conv2dGradInput;
import io.ventral.op.Op;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.tensor.WindowAxis;
import org.junit.jupiter.api.Test;

/** Examples small enough to check by hand. The image is 1 2 3 / 4 5 6 / 7 8 9. */
class ConvolutionTest {
  private static final Window2d TWO = Window2d.square(2, 1, 0);

  @Test
  void addsWhatTheWindowCovers() {
    // The filter 1 0 / 0 1 adds each element to its neighbour below on the right.
    assertResult(
        new Conv2d(TWO, 1), image(), tensor(new int[] {1, 1, 2, 2}, 1, 0, 0, 1), 6, 8, 12, 14);
  }

  @Test
  void paddingAddsNothing() {
    Conv2d op = new Conv2d(Window2d.square(3, 2, 1), 1);
    HostTensor ones = tensor(new int[] {1, 1, 3, 3}, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    assertResult(op, image(), ones, 12, 16, 24, 28);
  }

  @Test
  void dilationSkipsElements() {
    WindowAxis axis = new WindowAxis(2, 1, 0, 0, 2);
    Conv2d op = new Conv2d(new Window2d(axis, axis), 1);
    assertResult(
        op, image(), tensor(new int[] {1, 1, 2, 2}, 1, 10, 100, 1000), 1 + 30 + 700 + 9000);
  }

  @Test
  void channelsAreSummedWithinAGroup() {
    HostTensor filter = tensor(new int[] {1, 2, 1, 1}, 10, 100);
    assertResult(new Conv2d(Window2d.square(1, 1, 0), 1), pixel(), filter, 320);
    HostTensor filters = tensor(new int[] {2, 1, 1, 1}, 10, 100);
    assertResult(new Conv2d(Window2d.square(1, 1, 0), 2), pixel(), filters, 20, 300);
  }

  @Test
  void gradientGoesBackThroughTheFilter() {
    HostTensor filter = tensor(new int[] {1, 1, 2, 2}, 1, 0, 0, 1);
    HostTensor dy = tensor(new int[] {1, 1, 2, 2}, 1, 2, 3, 4);
    assertResult(new Conv2dGradInput(TWO, 1, 3, 3), filter, dy, 1, 2, 0, 3, 5, 2, 0, 3, 4);
  }

  @Test
  void filterGradientSumsOverWindows() {
    // The first tap meets 1 2 / 4 5: 1·1 + 2·2 + 3·4 + 4·5 = 37.
    HostTensor dy = tensor(new int[] {1, 1, 2, 2}, 1, 2, 3, 4);
    assertResult(new Conv2dGradFilter(TWO, 1), image(), dy, 37, 47, 67, 77);
  }

  private static HostTensor image() {
    return tensor(new int[] {1, 1, 3, 3}, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  /** One pixel of channels 2 and 3. */
  private static HostTensor pixel() {
    return tensor(new int[] {1, 2, 1, 1}, 2, 3);
  }

  private static HostTensor tensor(int[] extents, double... values) {
    return HostTensor.ofRowMajor(TensorType.of(DType.FLOAT64, extents), values);
  }

  private static void assertResult(Op op, HostTensor a, HostTensor b, double... expected) {
    assertArrayEquals(expected, Eager.run(op, a, b).getFirst());
  }
}
