package io.ventral.backend.onednn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.backend.Region;
import io.ventral.backend.onednn.library.NativeMemory;
import io.ventral.backend.onednn.loop.Tiles;
import io.ventral.op.Constant;
import io.ventral.op.Dropout;
import io.ventral.op.FiniteCheck;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Philox;
import io.ventral.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sizes that several threads and many tiles share, against plain loops. */
class LoopKernelsTest {
  private static final int THREADS = 3;

  private final LoopWorkbench bench = new LoopWorkbench(THREADS);

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void biasGradSumsEveryChannelAndGivesTheSameBitsAgain() {
    for (int[] extents :
        new int[][] {{5, 7, 61, 67}, {3, 300, 9, 11}, {9, 5000}, {100_003, 1}, {2, 3, 1, 1}}) {
      Region dy = bench.waves(1, 0.5, extents);
      Region db = bench.region(TensorType.of(DType.FLOAT32, extents[1]));
      bench.run(
          bench.kernels().biasGrad(List.of(dy.type())).orElseThrow(), List.of(dy), List.of(db));
      double[] expected = new double[extents[1]];
      float[] numbers = LoopWorkbench.floats(dy);
      for (int i = 0; i < numbers.length; i++) {
        expected[i % extents[1]] += numbers[i];
      }
      float[] sums = LoopWorkbench.floats(db);
      for (int c = 0; c < sums.length; c++) {
        assertEquals(expected[c], sums[c], 1e-9 + 1e-7 * Math.abs(expected[c]), "channel " + c);
      }
      bench.run(
          bench.kernels().biasGrad(List.of(dy.type())).orElseThrow(), List.of(dy), List.of(db));
      assertArrayEquals(sums, LoopWorkbench.floats(db));
    }
  }

  @Test
  void biasGradIsLeftToTheReferenceWhereChannelsAreNotInnermost() {
    TensorType type = TensorType.of(DType.FLOAT32, 2, 3, 4);
    assertTrue(bench.kernels().biasGrad(List.of(type)).isEmpty());
  }

  @Test
  void flatteningKeepsLogicalOrder() {
    reshape(new int[] {3, 70, 33, 35}, new int[] {3, 70 * 33 * 35});
    reshape(new int[] {3, 70 * 33 * 35}, new int[] {3, 70, 33, 35});
    reshape(new int[] {2, 3, 131, 101}, new int[] {6, 131 * 101});
    reshape(new int[] {2, 3 * 131 * 101}, new int[] {2, 3, 131, 101});
    reshape(new int[] {5, 4001, 2, 1}, new int[] {40010, 1, 1, 1});
    reshape(new int[] {300, 100, 1, 1}, new int[] {30_000});
    reshape(new int[] {3, 5, 40, 60}, new int[] {3, 5, 60, 40});
    reshape(new int[] {1}, new int[] {});
  }

  private void reshape(int[] from, int[] to) {
    Region x = bench.waves(1, 0, from);
    Region y = bench.region(TensorType.of(DType.FLOAT32, to));
    bench.run(
        bench.kernels().reshape(List.of(x.type()), List.of(y.type())).orElseThrow(),
        List.of(x),
        List.of(y));
    assertArrayEquals(
        LoopWorkbench.view(x).toRowMajor(),
        LoopWorkbench.view(y).toRowMajor(),
        Arrays.toString(to));
  }

  @Test
  void reshapeBetweenTwoOrdersIsLeftToTheReference() {
    TensorType x = TensorType.of(DType.FLOAT32, 2, 3, 2, 4);
    TensorType y = TensorType.of(DType.FLOAT32, 2, 6, 1, 4);
    assertTrue(bench.kernels().reshape(List.of(x), List.of(y)).isEmpty());
  }

  @Test
  void copiesAndConstantsReachTheLastByteAndNoFurther() {
    for (DType dtype : List.of(DType.UINT8, DType.BFLOAT16, DType.FLOAT32, DType.INT64)) {
      int count = 600_011;
      TensorType type = TensorType.of(dtype, count);
      Region x = bench.arena(type.bytes() + 64).region(0, type);
      Region y = bench.arena(type.bytes() + 64).region(0, type);
      bench.run(
          bench.kernels().constant(new Constant(type, 3), List.of(type)), List.of(), List.of(x));
      bench.run(bench.kernels().copy(List.of(type)), List.of(x), List.of(y));
      HostTensor copied = LoopWorkbench.view(y);
      for (int i = 0; i < count; i++) {
        assertEquals(3, copied.get(i), dtype + " " + i);
      }
      for (Region region : List.of(x, y)) {
        TensorType behind = TensorType.of(DType.UINT8, 64);
        Region guard = new Region(region.memory(), type.bytes(), 64, behind);
        assertTrue(Arrays.stream(LoopWorkbench.view(guard).toRowMajor()).allMatch(b -> b == 255));
      }
    }
  }

  @Test
  void dropoutTakesTheDecisionsOfThePhiloxStream() {
    dropout(0.3, 0, 40, 70, 6, 5);
    dropout(0.3, 3, 7, 131, 9, 13);
    dropout(0.5, 1, 3, 3, 80, 81);
    dropout(0.5, 5, 9, 4099);
    dropout(0.9, 1, 5, 4099, 1, 1);
    dropout(0, 0, 3, 5, 67, 61);
    dropout(1 - 0x1p-40, 0, 3, 5, 67, 61);
  }

  private void dropout(double rate, int firstSample, int... extents) {
    Region x = bench.waves(1, 0.5, extents);
    Region step = bench.scalar(DType.INT64, (1L << 32) + 12);
    Dropout op = new Dropout(rate, 77, 5, firstSample);
    double[] before = LoopWorkbench.view(x).toRowMajor();
    bench.run(
        bench.kernels().dropout(op, List.of(x.type(), step.type())).orElseThrow(),
        List.of(x, step),
        List.of(x));
    double[] after = LoopWorkbench.view(x).toRowMajor();
    long first = firstSample * x.type().shape().elementsPerSample();
    for (int i = 0; i < after.length; i++) {
      boolean kept = new Philox(77).uniform(5, 12, first + i) >= rate;
      double expected = kept ? before[i] / (1 - rate) : 0;
      assertEquals(expected, after[i], 2e-7 * Math.abs(expected), "element " + i);
    }
  }

  /** Windows that overlap and repeat, over more channels than a tile holds. */
  @Test
  void adaptivePoolingTakesAnyChannelsAndWindowsInBothFormats() {
    int channels = 2 * Tiles.SIZE + 5;
    double[] rows = {0.5, 2, 3.5};
    double[] columns = {0, 0.5, 1.5, 2};
    double[] rowWeights = {1 / 2.0, 1 / 2.0 + 1 / 3.0, 1 / 3.0, 1 / 3.0 + 1 / 2.0, 1 / 2.0};
    double[] columnWeights = {1.5, 1, 1.5};
    for (DType dtype : List.of(DType.FLOAT32, DType.BFLOAT16)) {
      Region x = bench.region(TensorType.of(dtype, 2, channels, 5, 3));
      Region y = bench.region(TensorType.of(dtype, 2, channels, 3, 4));
      LoopWorkbench.view(x).setRowMajor(i -> i % 15);
      bench.run(
          bench.kernels().adaptive(List.of(x.type()), List.of(y.type())).orElseThrow(),
          List.of(x),
          List.of(y));
      assertEveryPlane(y, (row, column) -> 3 * rows[row] + columns[column]);
      LoopWorkbench.view(y).setRowMajor(i -> 1);
      bench.run(
          bench.kernels().adaptiveGrad(List.of(y.type()), List.of(x.type())).orElseThrow(),
          List.of(y),
          List.of(x));
      assertEveryPlane(x, (row, column) -> rowWeights[row] * columnWeights[column]);
    }
  }

  private static void assertEveryPlane(Region region, Plane expected) {
    TensorType type = region.type();
    double[] values = LoopWorkbench.view(region).toRowMajor();
    for (int i = 0; i < values.length; i++) {
      int width = type.extent(3);
      double value = expected.at(i / width % type.extent(2), i % width);
      assertEquals(value, values[i], 4 * type.dtype().epsilon() * value, type + " element " + i);
    }
  }

  @FunctionalInterface
  private interface Plane {
    double at(int row, int column);
  }

  @Test
  void finiteCheckFindsOneNumberInMany() {
    Region small = bench.waves(1, 0, 7);
    Region large = bench.waves(Float.MAX_VALUE, 0, 300_007);
    assertEquals(1, finite(small, large));
    for (int place : new int[] {0, 2048, 150_000, 300_006}) {
      for (float odd : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
        float usual = NativeMemory.of(large).getAtIndex(JAVA_FLOAT, place);
        NativeMemory.of(large).setAtIndex(JAVA_FLOAT, place, odd);
        assertEquals(0, finite(small, large), odd + " at " + place);
        assertEquals(0, finite(large, small), odd + " at " + place);
        NativeMemory.of(large).setAtIndex(JAVA_FLOAT, place, usual);
      }
    }
    assertEquals(1, finite(large, small));
  }

  private double finite(Region... inputs) {
    Region flag = bench.region(TensorType.of(DType.INT32));
    List<TensorType> types = Arrays.stream(inputs).map(Region::type).toList();
    bench.run(
        bench.kernels().finiteCheck(new FiniteCheck(), types).orElseThrow(),
        List.of(inputs),
        List.of(flag));
    return LoopWorkbench.view(flag).value();
  }
}
