package io.ventral.backend.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.ventral.backend.NativeLibrary;
import io.ventral.op.Conv2dGradFilter;
import io.ventral.op.MatMul;
import io.ventral.op.Op;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Pixels are shared by the threads where there are many, whichever side has more channels. What the
 * gradient gives is held by the cases of Conv2d.
 */
class PointwiseGradFilterTest {
  @Test
  void manyPixelsAreShared() {
    assertNotEquals(product(2, 5, 8, 8, 8), gradient(2, 5, 8, 8, 8));
    assertNotEquals(product(2, 8, 8, 8, 3), gradient(2, 8, 8, 8, 3));
  }

  @Test
  void fewOrUnevenPixelsAreNot() {
    assertEquals(product(2, 5, 8, 7, 8), gradient(2, 5, 8, 7, 8));
    assertEquals(product(1, 3, 15, 15, 3), gradient(1, 3, 15, 15, 3));
  }

  private static String gradient(int n, int c, int h, int w, int o) {
    return bound(
        new Conv2dGradFilter(Window2d.square(1, 1, 0), 1),
        type(o, c, 1, 1),
        type(n, c, h, w),
        type(n, o, h, w));
  }

  private static String product(int n, int c, int h, int w, int o) {
    return bound(new MatMul(true, false), type(o, c), type(n * h * w, o), type(n * h * w, c));
  }

  private static TensorType type(int... extents) {
    return TensorType.of(DType.FLOAT32, extents);
  }

  private static String bound(Op op, TensorType out, TensorType... in) {
    try (OneDnnDevice device =
        new OneDnnDevice(new DeviceId(DeviceKind.CPU, 0), 2, NativeLibrary.folder())) {
      return device.bind(op, List.of(in), List.of(out)).implementation();
    }
  }
}
