package io.ventral.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.tensor.Shape;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TranspositionTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void everyElementMovesOnceToItsPlace(long seed) {
    Random random = new Random(seed);
    Shape shape = RandomTensors.shape(random);
    long[] from = randomOrder(shape, random);
    long[] to = randomOrder(shape, random);
    int elements = (int) shape.elements();
    int[] found = new int[elements];
    Arrays.fill(found, -1);
    AtomicInteger count = new AtomicInteger();
    new Transposition(shape, from, to)
        .forEachRun(
            (source, sourceStride, target, targetStride, length) -> {
              for (int i = 0; i < length; i++) {
                found[(int) (target + i * targetStride)] = (int) (source + i * sourceStride);
                count.incrementAndGet();
              }
            });
    assertEquals(elements, count.get());
    assertArrayEquals(expected(shape, from, to), found);
  }

  @Test
  void equalOrdersAreOneRun() {
    Shape shape = Shape.of(3, 1, 5, 7, 2);
    AtomicInteger runs = new AtomicInteger();
    new Transposition(shape, shape.rowMajorStrides(), shape.rowMajorStrides())
        .forEachRun((from, fromStride, to, toStride, count) -> runs.incrementAndGet());
    assertEquals(1, runs.get());
  }

  private static long[] randomOrder(Shape shape, Random random) {
    long[] strides = new long[shape.rank()];
    long step = 1;
    int[] axes = random.ints(0, Math.max(1, shape.rank())).distinct().limit(shape.rank()).toArray();
    for (int axis : axes) {
      strides[axis] = step;
      step *= shape.extent(axis);
    }
    return strides;
  }

  private static int[] expected(Shape shape, long[] from, long[] to) {
    int[] expected = new int[(int) shape.elements()];
    long[] rowMajor = shape.rowMajorStrides();
    for (int i = 0; i < expected.length; i++) {
      long source = 0;
      long target = 0;
      for (int axis = 0; axis < shape.rank(); axis++) {
        long index = i / rowMajor[axis] % shape.extent(axis);
        source += index * from[axis];
        target += index * to[axis];
      }
      expected[(int) target] = (int) source;
    }
    return expected;
  }
}
