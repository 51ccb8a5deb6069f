package io.ventral.tensor;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Random numbers as a pure function of (seed, purpose, step, element): Philox4x32-10 (Salmon,
 * Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3; SC 2011). The counter is
 * (element / 4, step, purpose), the key is the seed; element e is word e mod 4 of its block. No
 * state: the same number comes out on every backend, layout and mesh.
 */
public record Philox(long seed) {
  /** Elements whose bits come out of the generator together. */
  public static final int BLOCK = 4;

  private static final int MULTIPLIER_0 = 0xD2511F53;
  private static final int MULTIPLIER_1 = 0xCD9E8D57;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final int ROUNDS = 10;

  /** Returns the purpose word for a text such as {@code "dropout:fc6"}: its CRC-32. */
  public static int purpose(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }

  /** Returns 32 random bits of element {@code element} at {@code step} for {@code purpose}. */
  public int bits(int purpose, int step, long element) {
    long block = element >>> 2;
    int[] words = {(int) block, (int) (block >>> 32), step, purpose};
    scramble(words, (int) seed, (int) (seed >>> 32));
    return words[(int) (element & 3)];
  }

  /**
   * Stores the bits of the elements of many blocks at once, which costs far less than one by one:
   * {@code words[k][i]} becomes those of element 4·{@code blocks[i]} + k, for i below {@code
   * count}.
   */
  public void blocks(int purpose, int step, long[] blocks, int count, int[][] words) {
    for (int i = 0; i < count; i++) {
      words[0][i] = (int) blocks[i];
      words[1][i] = (int) (blocks[i] >>> 32);
      words[2][i] = step;
      words[3][i] = purpose;
    }
    int k0 = (int) seed;
    int k1 = (int) (seed >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      round(words[0], words[1], words[2], words[3], count, k0, k1);
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
  }

  /** Returns a number in [0, 1) with 32 random bits. */
  public double uniform(int purpose, int step, long element) {
    return (bits(purpose, step, element) & 0xFFFFFFFFL) * 0x1p-32;
  }

  /** Returns a standard normal number by Box and Muller from elements 2e and 2e + 1. */
  public double normal(int purpose, int step, long element) {
    // 1 − u lies in (0, 1], so the logarithm is finite.
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform(purpose, step, 2 * element)));
    return radius * StrictMath.cos(2 * Math.PI * uniform(purpose, step, 2 * element + 1));
  }

  /** Returns an integer in [0, bound), unbiased enough for bounds far below 2^32. */
  public int below(int bound, int purpose, int step, long element) {
    return (int) (((bits(purpose, step, element) & 0xFFFFFFFFL) * bound) >>> 32);
  }

  /** One round of {@link #scramble} for many counters; compiled to vector instructions. */
  private static void round(
      int[] words0, int[] words1, int[] words2, int[] words3, int count, int k0, int k1) {
    for (int i = 0; i < count; i++) {
      long product0 = (MULTIPLIER_0 & 0xFFFFFFFFL) * (words0[i] & 0xFFFFFFFFL);
      long product1 = (MULTIPLIER_1 & 0xFFFFFFFFL) * (words2[i] & 0xFFFFFFFFL);
      words0[i] = (int) (product1 >>> 32) ^ words1[i] ^ k0;
      words1[i] = (int) product1;
      words2[i] = (int) (product0 >>> 32) ^ words3[i] ^ k1;
      words3[i] = (int) product0;
    }
  }

  /** Turns the counter in {@code words} into four random words under the key. */
  static void scramble(int[] words, int key0, int key1) {
    int k0 = key0;
    int k1 = key1;
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = (MULTIPLIER_0 & 0xFFFFFFFFL) * (words[0] & 0xFFFFFFFFL);
      long product1 = (MULTIPLIER_1 & 0xFFFFFFFFL) * (words[2] & 0xFFFFFFFFL);
      words[0] = (int) (product1 >>> 32) ^ words[1] ^ k0;
      words[1] = (int) product1;
      words[2] = (int) (product0 >>> 32) ^ words[3] ^ k1;
      words[3] = (int) product0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
  }
}
