package io.ventral.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.LongToDoubleFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PhiloxTest {
  private static final int COUNT = 1 << 16;

  /** Test vectors of Random123, {@code kat_vectors}: philox4x32, 10 rounds. */
  @Test
  void knownAnswers() {
    int[] zeros = {0, 0, 0, 0};
    Philox.scramble(zeros, 0, 0);
    assertArrayEquals(new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, zeros);
    int[] ones = {-1, -1, -1, -1};
    Philox.scramble(ones, -1, -1);
    assertArrayEquals(new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}, ones);
    int[] pi = {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344};
    Philox.scramble(pi, 0xa4093822, 0x299f31d0);
    assertArrayEquals(new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}, pi);
  }

  @Test
  void counterIsElementStepPurposeAndKeyIsSeed() {
    long block = 0x123_456789ABL;
    int[] words = {0x456789AB, 0x123, 7, 9};
    Philox.scramble(words, 0xa4093822, 0x299f31d0);
    Philox philox = new Philox(0x299f31d0_a4093822L);
    for (int word = 0; word < 4; word++) {
      assertEquals(words[word], philox.bits(9, 7, 4 * block + word), "word " + word);
    }
  }

  @Test
  void blocksHoldTheBitsOfTheirElements() {
    Philox philox = new Philox(0x299f31d0_a4093822L);
    long[] blocks = new long[101];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = (i % 3 == 0 ? 1L << 33 : i % 3 == 1 ? 1L << 61 : 0) + 7L * i;
    }
    int[][] words = new int[Philox.BLOCK][blocks.length];
    int count = blocks.length - 1;
    philox.blocks(9, -7, blocks, count, words);
    for (int word = 0; word < Philox.BLOCK; word++) {
      for (int i = 0; i < count; i++) {
        assertEquals(philox.bits(9, -7, 4 * blocks[i] + word), words[word][i], i + "." + word);
      }
      assertEquals(0, words[word][count], "behind the last block");
    }
  }

  @Test
  void seedPurposeStepAndElementAllMatter() {
    int bits = new Philox(1).bits(2, 3, 4);
    assertNotEquals(bits, new Philox(2).bits(2, 3, 4));
    assertNotEquals(bits, new Philox(1L << 32 | 1).bits(2, 3, 4));
    assertNotEquals(bits, new Philox(1).bits(3, 3, 4));
    assertNotEquals(bits, new Philox(1).bits(2, 4, 4));
    assertNotEquals(bits, new Philox(1).bits(2, 3, 5));
    assertNotEquals(bits, new Philox(1).bits(2, 3, 4 + (1L << 34)));
  }

  @Test
  void purposeIsTheCrcOfItsText() {
    assertEquals(0xCBF43926, Philox.purpose("123456789"));
  }

  @Test
  void uniformNumbersFillTheUnitIntervalEvenly() {
    Philox philox = new Philox(42);
    int[] buckets = new int[64];
    for (int i = 0; i < COUNT; i++) {
      double u = philox.uniform(1, 0, i);
      assertTrue(u >= 0 && u < 1);
      buckets[(int) (u * buckets.length)]++;
    }
    double expected = (double) COUNT / buckets.length;
    double chiSquare = 0;
    for (int bucket : buckets) {
      chiSquare += (bucket - expected) * (bucket - expected) / expected;
    }
    // 63 degrees of freedom: mean 63, deviation √126; six deviations on either side.
    assertEquals(63, chiSquare, 6 * Math.sqrt(126));
  }

  @Test
  void normalNumbersHaveTheMomentsOfTheNormalDistribution() {
    Philox philox = new Philox(42);
    double[] moments = new double[5];
    for (int i = 0; i < COUNT; i++) {
      double x = philox.normal(1, 0, i);
      for (int power = 1; power <= 4; power++) {
        moments[power] += Math.pow(x, power) / COUNT;
      }
    }
    // The variances of x, x², x³, x⁴ are 1, 2, 15, 96.
    assertEquals(0, moments[1], 6 * Math.sqrt(1.0 / COUNT));
    assertEquals(1, moments[2], 6 * Math.sqrt(2.0 / COUNT));
    assertEquals(0, moments[3], 6 * Math.sqrt(15.0 / COUNT));
    assertEquals(3, moments[4], 6 * Math.sqrt(96.0 / COUNT));
  }

  @Test
  void neighboursStepsPurposesAndSeedsAreUncorrelated() {
    Philox philox = new Philox(42);
    LongToDoubleFunction base = i -> philox.uniform(1, 0, i) - 0.5;
    uncorrelated(base, i -> philox.uniform(1, 0, i + 1) - 0.5);
    uncorrelated(base, i -> philox.uniform(1, 1, i) - 0.5);
    uncorrelated(base, i -> philox.uniform(2, 0, i) - 0.5);
    uncorrelated(base, i -> new Philox(43).uniform(1, 0, i) - 0.5);
  }

  @Test
  void boundedNumbersReachEveryValueBelowTheBound() {
    Philox philox = new Philox(42);
    int[] seen = LongStream.range(0, 1000).mapToInt(i -> philox.below(7, 1, 0, i)).toArray();
    assertArrayEquals(
        new int[] {0, 1, 2, 3, 4, 5, 6}, Arrays.stream(seen).distinct().sorted().toArray());
  }

  private static void uncorrelated(LongToDoubleFunction a, LongToDoubleFunction b) {
    double product =
        LongStream.range(0, COUNT).mapToDouble(i -> a.applyAsDouble(i) * b.applyAsDouble(i)).sum();
    // Each product has mean 0 and variance 1/144.
    assertEquals(0, product / COUNT, 6 / 12.0 / Math.sqrt(COUNT));
  }
}
