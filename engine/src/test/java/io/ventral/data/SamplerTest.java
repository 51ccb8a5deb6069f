package io.ventral.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 97, 1000})
  void everyEpochIsAPermutation(int size) {
    Sampler sampler = new Sampler.Shuffled(size, 5);
    for (int epoch = 0; epoch < 5; epoch++) {
      int[] sorted = sampler.order(epoch);
      Arrays.sort(sorted);
      assertArrayEquals(IntStream.range(0, size).toArray(), sorted);
    }
  }

  @Test
  void epochsAndSeedsDiffer() {
    int[] first = new Sampler.Shuffled(100, 5).order(0);
    assertArrayEquals(first, new Sampler.Shuffled(100, 5).order(0));
    assertFalse(Arrays.equals(first, new Sampler.Shuffled(100, 5).order(1)));
    assertFalse(Arrays.equals(first, new Sampler.Shuffled(100, 6).order(0)));
    assertFalse(Arrays.equals(first, new Sampler.Shuffled(100, 5L | 1L << 40).order(0)));
  }

  @Test
  void everyItemComesFirstEquallyOften() {
    int[] counts = new int[10];
    Sampler sampler = new Sampler.Shuffled(10, 1);
    IntStream.range(0, 10_000).forEach(epoch -> counts[sampler.order(epoch)[0]]++);
    // 5 standard deviations of a binomial with mean 1000.
    IntStream.of(counts).forEach(count -> assertEquals(1000, count, 150));
  }

  @Test
  void batchesCoverTheEpoch() {
    BatchPlan plan = new BatchPlan(10, 4);
    int[] order = new Sampler.Shuffled(10, 3).order(2);
    assertEquals(3, plan.batches());
    assertEquals(2, plan.count(2));
    int[] joined =
        IntStream.range(0, 3).flatMap(b -> Arrays.stream(plan.items(order, b))).toArray();
    assertArrayEquals(order, joined);
    assertEquals(1, new BatchPlan(4, 4).batches());
  }
}
