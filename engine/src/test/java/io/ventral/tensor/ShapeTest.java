package io.ventral.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ventral.error.ErrorKind;
import io.ventral.testing.Expect;
import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShapeTest {
  static Stream<Shape> shapes() {
    return Stream.of(
        Shape.scalar(),
        Shape.of(7),
        Shape.of(3, 5),
        Shape.of(2, 3, 4),
        Shape.of(2, 3, 4, 5),
        Shape.of(1, 1, 6, 1),
        Shape.of(2, 1, 3, 2, 2));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void everyElementHasAPlaceOfItsOwn(Shape shape) {
    try (HostTensor tensor = HostTensor.zeros(new TensorType(DType.FLOAT64, shape))) {
      assertArrayEquals(
          LongStream.range(0, shape.elements()).toArray(),
          Arrays.stream(tensor.memoryIndices()).sorted().toArray());
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void rowMajorValuesComeBackAsTheyWere(Shape shape) {
    double[] values = LongStream.range(0, shape.elements()).mapToDouble(i -> i + 0.5).toArray();
    try (HostTensor tensor = HostTensor.ofRowMajor(new TensorType(DType.FLOAT64, shape), values)) {
      assertArrayEquals(values, tensor.toRowMajor());
    }
  }

  @Test
  void rankFourLiesChannelsLast() {
    assertArrayEquals(new long[] {60, 1, 15, 3}, Shape.of(2, 3, 4, 5).memoryStrides());
    assertArrayEquals(new long[] {60, 20, 5, 1}, Shape.of(2, 3, 4, 5).rowMajorStrides());
    try (HostTensor tensor = HostTensor.zeros(TensorType.of(DType.UINT8, 2, 3, 4, 5))) {
      assertEquals(60 + 2 + 3 * 15 + 4 * 3, tensor.index(1, 2, 3, 4));
    }
  }

  @Test
  void otherRanksAreRowMajor() {
    shapes()
        .filter(shape -> shape.rank() != 4)
        .forEach(shape -> assertArrayEquals(shape.rowMajorStrides(), shape.memoryStrides()));
  }

  @Test
  void shapesAreValues() {
    int[] extents = {2, 3};
    Shape shape = Shape.of(extents);
    extents[0] = 9;
    shape.extents()[1] = 9;
    assertEquals(Shape.of(2, 3), shape);
    assertEquals(Shape.of(2, 3).hashCode(), shape.hashCode());
    assertNotEquals(Shape.of(3, 2), shape);
    assertEquals(Shape.of(2, 7), shape.with(1, 7));
    assertEquals("[2,3]", shape.toString());
    assertEquals("bf16[2,3]", new TensorType(DType.BFLOAT16, shape).toString());
  }

  @Test
  void extentsBelowOneAreRefused() {
    Expect.error(ErrorKind.USER, () -> Shape.of(2, 0), "[2, 0]", "positive");
    Expect.error(ErrorKind.USER, () -> Shape.of(-1), "[-1]");
  }

  @Test
  void sizesNeverOverflowSilently() {
    Shape huge = Shape.of(1 << 30, 1 << 30, 1 << 30);
    assertThrows(ArithmeticException.class, huge::elements);
  }
}
