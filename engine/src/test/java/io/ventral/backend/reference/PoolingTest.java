package io.ventral.backend.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.ventral.op.AdaptiveAvgPool;
import io.ventral.op.AdaptiveAvgPoolGrad;
import io.ventral.op.AvgPool;
import io.ventral.op.AvgPoolGrad;
import io.ventral.op.MaxPool;
import io.ventral.op.MaxPoolGrad;
import io.ventral.op.Op;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Rounding;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Examples small enough to check by hand, of one channel. */
class PoolingTest {
  private static final Window2d TWO = Window2d.square(2, 2, 0);

  @Test
  void lastWindowIsCutOffAtTheEdge() {
    double[] image = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    assertResult(new MaxPool(TWO, Rounding.CEIL), 3, 3, image, 5, 6, 8, 9);
    assertResult(new AvgPool(TWO, Rounding.CEIL, true), 3, 3, image, 3, 4.5, 7.5, 9);
  }

  @Test
  void paddingCountsForTheMeanIfAsked() {
    Window2d padded = Window2d.square(2, 2, 1);
    double[] image = {1, 2, 3, 4};
    assertResult(new AvgPool(padded, Rounding.FLOOR, true), 2, 2, image, 0.25, 0.5, 0.75, 1);
    assertResult(new AvgPool(padded, Rounding.FLOOR, false), 2, 2, image, 1, 2, 3, 4);
    assertResult(
        new MaxPool(padded, Rounding.FLOOR), 2, 2, new double[] {-1, -2, -3, -4}, -1, -2, -3, -4);
  }

  @Test
  void gradientGoesToTheFirstOfEqualValues() {
    assertGradient(TWO, new double[] {1, 3, 3, 3}, new double[] {5}, 0, 5, 0, 0);
  }

  @Test
  void nanBeatsEveryNumber() {
    double[] image = {Double.POSITIVE_INFINITY, Double.NaN, 2, Double.NaN};
    assertResult(new MaxPool(TWO, Rounding.FLOOR), 2, 2, image, Double.NaN);
    assertGradient(TWO, image, new double[] {5}, 0, 5, 0, 0);
  }

  @Test
  void minusInfinityWinsAmongItsLike() {
    double low = Double.NEGATIVE_INFINITY;
    assertGradient(TWO, new double[] {low, low, low, low}, new double[] {5}, 5, 0, 0, 0);
  }

  @Test
  void overlappingWindowsAddTheirGradients() {
    // All four windows see the 9 in the middle.
    Window2d window = Window2d.square(2, 1, 0);
    double[] image = {1, 2, 3, 4, 9, 5, 6, 7, 8};
    assertGradient(window, image, new double[] {1, 2, 3, 4}, 0, 0, 0, 0, 10, 0, 0, 0, 0);
  }

  @Test
  void meanSpreadsItsGradient() {
    AvgPool pool = new AvgPool(TWO, Rounding.CEIL, true);
    assertResult(
        new AvgPoolGrad(pool, 3, 3), 2, 2, new double[] {4, 6, 8, 5}, 1, 1, 3, 1, 1, 3, 4, 4, 5);
  }

  @Test
  void adaptiveWindowsOverlap() {
    // Windows of 3 elements shared out to 2: 0 to 1 and 1 to 2.
    assertResult(new AdaptiveAvgPool(1, 2), 1, 3, new double[] {1, 2, 6}, 1.5, 4);
    assertResult(new AdaptiveAvgPoolGrad(1, 3), 1, 2, new double[] {2, 4}, 1, 3, 2);
    assertResult(new AdaptiveAvgPool(2, 2), 1, 1, new double[] {7}, 7, 7, 7, 7);
  }

  private static void assertResult(Op op, int height, int width, double[] x, double... expected) {
    assertArrayEquals(expected, Eager.run(op, tensor(height, width, x)).getFirst());
  }

  private static void assertGradient(Window2d window, double[] x, double[] dy, double... expected) {
    int height = (int) Math.sqrt(x.length);
    try (Eager eager = new Eager(1)) {
      List<Value> outputs =
          eager.emit(
              new MaxPool(window, Rounding.FLOOR), List.of(eager.input(tensor(height, height, x))));
      int rows = outputs.getFirst().type().extent(2);
      Value dx =
          eager.emit(
              new MaxPoolGrad(window, Rounding.FLOOR, height, height),
              outputs.get(1),
              eager.input(tensor(rows, rows, dy)));
      assertArrayEquals(expected, eager.get(dx));
    }
  }

  private static HostTensor tensor(int height, int width, double... values) {
    return HostTensor.ofRowMajor(TensorType.of(DType.FLOAT64, 1, 1, height, width), values);
  }
}
