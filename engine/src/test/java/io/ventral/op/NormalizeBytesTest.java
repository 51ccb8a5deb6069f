package io.ventral.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.error.ErrorKind;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import io.ventral.testing.Expect;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each byte of an image becomes. */
class NormalizeBytesTest {
  private static final List<Double> MEAN = List.of(0.1307, 0.5);
  private static final List<Double> STD = List.of(0.3081, 0.25);

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT64", "FLOAT32", "FLOAT16", "BFLOAT16"})
  void everyFormatHoldsTheRoundedValue(DType dtype) {
    double[] table = new NormalizeBytes(dtype, MEAN, STD).table();
    assertEquals(512, table.length);
    for (int i = 0; i < 256; i++) {
      assertEquals(dtype.round((i / 255.0 - 0.1307) / 0.3081), table[i]);
      assertEquals(dtype.round((i / 255.0 - 0.5) / 0.25), table[256 + i]);
    }
  }

  @Test
  void takesBytesOfAsManyChannels() {
    NormalizeBytes op = new NormalizeBytes(DType.FLOAT32, MEAN, STD);
    TensorType bytes = TensorType.of(DType.UINT8, 4, 2, 5, 6);
    assertEquals(List.of(bytes.with(DType.FLOAT32)), op.outputTypes(List.of(bytes)));
    Expect.error(
        ErrorKind.USER,
        () -> op.outputTypes(List.of(TensorType.of(DType.UINT8, 4, 3, 5, 6))),
        "axis 1 of images must have extent 2, not 3");
    Expect.error(
        ErrorKind.USER, () -> op.outputTypes(List.of(bytes.with(DType.FLOAT32))), "must be u8");
    Expect.error(
        ErrorKind.USER, () -> new NormalizeBytes(DType.INT32, MEAN, STD), "floating format");
    Expect.error(
        ErrorKind.USER,
        () -> new NormalizeBytes(DType.FLOAT32, MEAN, List.of(1.0)),
        "2 means and 1 deviations");
  }
}
