package io.ventral.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DTypeTest {
  /** Every float whose low bits are zero or nearly so: all exponents, ties and their neighbours. */
  @Test
  void float16RoundsAsTheLanguageDoes() {
    for (int high = 0; high < 1 << 16; high++) {
      for (int low : new int[] {0, 1, 0x0FFF, 0x1000, 0x1001, 0x7FFF, 0x8000, 0xFFFF}) {
        float value = Float.intBitsToFloat(high << 16 | low);
        float expected = Float.float16ToFloat(Float.floatToFloat16(value));
        assertEquals(expected, DType.FLOAT16.round(value), () -> "of " + value);
      }
    }
  }

  /** bfloat16 is the upper half of a float32, so rounding is an addition to its bits. */
  @Test
  void bfloat16RoundsTheUpperHalfOfAFloatToEven() {
    for (int high = 0; high < 1 << 16; high++) {
      for (int low : new int[] {0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF}) {
        int bits = high << 16 | low;
        float value = Float.intBitsToFloat(bits);
        int roundUp = 0x7FFF + (bits >>> 16 & 1);
        float expected =
            Float.isFinite(value) ? Float.intBitsToFloat(bits + roundUp & 0xFFFF0000) : value;
        assertEquals(expected, DType.BFLOAT16.round(value), () -> "of " + value);
      }
    }
  }

  /** Just above a tie: by way of float32 it would become the tie and go down to even. */
  @Test
  void doublesAreRoundedOnce() {
    assertEquals(1 + 0x1p-10, DType.FLOAT16.round(1 + 0x1p-11 + 0x1p-40));
    assertEquals(1 + 0x1p-7, DType.BFLOAT16.round(1 + 0x1p-8 + 0x1p-40));
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT64", "FLOAT32", "FLOAT16", "BFLOAT16"})
  void epsilonIsTheDistanceFromOneToTheNextNumber(DType dtype) {
    double next = 1 + dtype.epsilon();
    assertEquals(next, dtype.round(next));
    assertEquals(1, dtype.round(1 + dtype.epsilon() / 2));
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT64", "FLOAT32", "FLOAT16", "BFLOAT16"})
  void signedZerosInfinitiesAndNaNStay(DType dtype) {
    for (double value :
        new double[] {0.0, -0.0, Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY}) {
      assertEquals(value, dtype.round(value));
    }
  }

  @Test
  void integersTruncateAndSaturate() {
    assertEquals(-2, DType.INT64.round(-2.9));
    assertEquals(Integer.MAX_VALUE, DType.INT32.round(1e20));
    assertEquals(Integer.MIN_VALUE, DType.INT32.round(-1e20));
    assertEquals(255, DType.UINT8.round(255.9));
    assertEquals(255, DType.UINT8.round(1e20));
    assertEquals(0, DType.UINT8.round(-1));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OPAQUE")
  void hostTensorsHoldWhatRoundingGives(DType dtype) {
    double[] values = {0, -1.1, 3.14159, 1e-6, 65519, 70000, 1e39, 200.5};
    try (HostTensor tensor = HostTensor.ofRowMajor(TensorType.of(dtype, values.length), values)) {
      for (int i = 0; i < values.length; i++) {
        assertEquals(dtype.round(values[i]), tensor.get(i), "of " + values[i]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.NEGATIVE_INFINITY})
  void hostTensorsHoldWhatIsNotFinite(double value) {
    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16}) {
      try (HostTensor tensor = HostTensor.scalar(dtype, value)) {
        assertEquals(value, tensor.value(), dtype.shortName());
      }
    }
  }

  @Test
  void sumsOf16BitsAreKeptInFloat32() {
    assertEquals(DType.FLOAT32, DType.BFLOAT16.accumulator());
    assertEquals(DType.FLOAT32, DType.FLOAT16.accumulator());
    assertEquals(DType.FLOAT32, DType.FLOAT32.accumulator());
    assertEquals(DType.FLOAT64, DType.FLOAT64.accumulator());
  }
}
