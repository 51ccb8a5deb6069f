package io.ventral.backend.onednn;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.backend.NativeLibrary;
import io.ventral.op.MatMul;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A row times a matrix is bound by reading the matrix, and goes to the one of oneDNN's
 * implementations that reads fastest. What it gives is held by the cases of MatMul.
 */
class RowProductTest {
  @Test
  void oneRowIsNotComputedAsManyAre() {
    for (boolean transposed : new boolean[] {false, true}) {
      assertTrue(implementation(1, transposed).startsWith("gemm:jit"));
      assertFalse(implementation(2, transposed).startsWith("gemm:jit"));
    }
  }

  private static String implementation(int rows, boolean transposed) {
    TensorType x = TensorType.of(DType.FLOAT32, rows, 512);
    TensorType matrix =
        TensorType.of(DType.FLOAT32, transposed ? 256 : 512, transposed ? 512 : 256);
    TensorType y = TensorType.of(DType.FLOAT32, rows, 256);
    try (OneDnnDevice device =
        new OneDnnDevice(new DeviceId(DeviceKind.CPU, 0), 2, NativeLibrary.folder())) {
      return device
          .bind(new MatMul(false, transposed), List.of(x, matrix), List.of(y))
          .implementation();
    }
  }
}
