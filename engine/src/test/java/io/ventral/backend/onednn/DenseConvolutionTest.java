package io.ventral.backend.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.ventral.backend.NativeLibrary;
import io.ventral.op.Conv2d;
import io.ventral.op.Conv2dBias;
import io.ventral.op.Conv2dGradFilter;
import io.ventral.op.Conv2dGradInput;
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
 * A fully connected layer on images is a convolution whose window covers them; it is computed as
 * the product of matrices that it is, in all directions. What it gives is held by the cases of
 * Conv2d.
 */
class DenseConvolutionTest {
  private static final TensorType X = TensorType.of(DType.FLOAT32, 8, 32, 6, 6);
  private static final TensorType FILTER = TensorType.of(DType.FLOAT32, 64, 32, 6, 6);
  private static final TensorType Y = TensorType.of(DType.FLOAT32, 8, 64, 1, 1);
  private static final TensorType BIAS = TensorType.of(DType.FLOAT32, 64);
  private static final TensorType ROWS = TensorType.of(DType.FLOAT32, 8, 32 * 6 * 6);
  private static final TensorType MATRIX = TensorType.of(DType.FLOAT32, 64, 32 * 6 * 6);
  private static final TensorType SCORES = TensorType.of(DType.FLOAT32, 8, 64);
  private static final Conv2d WHOLE = new Conv2d(Window2d.square(6, 1, 0), 1);

  @Test
  void everyDirectionIsAProductOfMatrices() {
    try (OneDnnDevice device =
        new OneDnnDevice(new DeviceId(DeviceKind.CPU, 0), 1, NativeLibrary.folder())) {
      String product = bound(device, new MatMul(false, true), SCORES, ROWS, MATRIX);
      assertEquals(product, bound(device, WHOLE, Y, X, FILTER));
      assertEquals(product, bound(device, new Conv2dBias(WHOLE, true), Y, X, FILTER, BIAS));
      assertEquals(
          bound(device, new MatMul(false, false), ROWS, SCORES, MATRIX),
          bound(device, new Conv2dGradInput(WHOLE.window(), 1, 6, 6), X, FILTER, Y));
      assertEquals(
          bound(device, new MatMul(true, false), MATRIX, SCORES, ROWS),
          bound(device, new Conv2dGradFilter(WHOLE.window(), 1), FILTER, X, Y));
    }
  }

  @Test
  void aSmallerWindowIsNone() {
    try (OneDnnDevice device =
        new OneDnnDevice(new DeviceId(DeviceKind.CPU, 0), 1, NativeLibrary.folder())) {
      TensorType filter = TensorType.of(DType.FLOAT32, 64, 32, 5, 5);
      TensorType y = TensorType.of(DType.FLOAT32, 8, 64, 2, 2);
      Conv2d conv = new Conv2d(Window2d.square(5, 1, 0), 1);
      assertNotEquals(
          bound(device, new MatMul(false, true), SCORES, ROWS, MATRIX),
          bound(device, conv, y, X, filter));
    }
  }

  private static String bound(OneDnnDevice device, Op op, TensorType out, TensorType... in) {
    return device.bind(op, List.of(in), List.of(out)).implementation();
  }
}
