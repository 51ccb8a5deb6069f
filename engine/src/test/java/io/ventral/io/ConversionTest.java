package io.ventral.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConversionTest {
  @Test
  void bfloat16RoundsToNearestEven() {
    assertArrayEquals(
        new double[] {1, 1 + 0x1p-6, 1 + 0x1p-7, -1, Double.POSITIVE_INFINITY, 0x1p-133},
        converted(
            DType.FLOAT32,
            DType.BFLOAT16,
            1 + 0x1p-8,
            1 + 0x1p-7 + 0x1p-8,
            1 + 0x1p-8 + 0x1p-20,
            -1 - 0x1p-8,
            Float.MAX_VALUE,
            0x1p-133 + 0x1p-134 - 0x1p-149));
  }

  @Test
  void float16RoundsToNearestEvenWithSubnormals() {
    assertArrayEquals(
        new double[] {1, 1 + 0x1p-9, 65504, Double.POSITIVE_INFINITY, 0x1p-24, 0, Double.NaN},
        converted(
            DType.FLOAT64,
            DType.FLOAT16,
            1 + 0x1p-11,
            1 + 0x1p-10 + 0x1p-11,
            65519.99,
            65520,
            0x1p-25 + 0x1p-60,
            0x1p-25,
            Double.NaN));
  }

  @Test
  void float64IsNotRoundedThroughFloat32() {
    // Through FLOAT32 the last bit would be lost and the tie would go to even.
    double justAboveTie = 1 + 0x1p-8 + 0x1p-40;
    assertArrayEquals(
        new double[] {1 + 0x1p-7}, converted(DType.FLOAT64, DType.BFLOAT16, justAboveTie));
  }

  @Test
  void float64RoundsToFloat32AndSaturatesToIntegers() {
    assertArrayEquals(
        new double[] {(float) Math.PI}, converted(DType.FLOAT64, DType.FLOAT32, Math.PI));
    assertArrayEquals(
        new double[] {Integer.MAX_VALUE, -3, 0},
        converted(DType.FLOAT64, DType.INT32, 1e20, -3.9, Double.NaN));
    assertArrayEquals(
        new double[] {0, 255, 200}, converted(DType.INT32, DType.UINT8, -1, 256, 200));
  }

  @Test
  void largeIntegersAreRoundedOnce() {
    Random random = new Random(5);
    for (int i = 0; i < 1000; i++) {
      // 24 bits, then a tie or one off it, which a double cannot tell apart.
      long value = (1L << 62) + (random.nextLong(1L << 23) << 39) + (1L << 38);
      value += random.nextInt(-1, 2);
      try (HostTensor source = HostTensor.zeros(TensorType.of(DType.INT64))) {
        source.memory().set(ValueLayout.JAVA_LONG, 0, value);
        try (HostTensor result = Conversion.copy(source, DType.FLOAT32)) {
          assertEquals(BigInteger.valueOf(value).floatValue(), result.value(), "value " + value);
        }
      }
    }
  }

  @Test
  void theSameFormatIsTheSameTensor() {
    try (HostTensor tensor = HostTensor.scalar(DType.FLOAT16, 3)) {
      assertSame(tensor, Conversion.replace(tensor, DType.FLOAT16));
    }
  }

  private static double[] converted(DType from, DType to, double... values) {
    try (HostTensor source = HostTensor.ofRowMajor(TensorType.of(from, values.length), values);
        HostTensor result = Conversion.copy(source, to)) {
      return result.toRowMajor();
    }
  }
}
