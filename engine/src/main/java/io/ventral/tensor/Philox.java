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
    int[] words = new int[BLOCK];
    block(purpose, step, element >>> 2, words, 0);
    return words[(int) (element & 3)];
  }

  /**
   * Stores the bits of the four elements of block {@code block}, which are 4·block to 4·block + 3,
   * from {@code words[at]} on.
   */
  public void block(int purpose, int step, long block, int[] words, int at) {
    words[at] = (int) block;
    words[at + 1] = (int) (block >>> 32);
    words[at + 2] = step;
    words[at + 3] = purpose;
    scramble(words, at, (int) seed, (int) (seed >>> 32));
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

  /**
   * Turns the counter in the four words from {@code words[at]} on into random words under the key.
   */
  static void scramble(int[] words, int at, int key0, int key1) {
    int w0 = words[at];
    int w1 = words[at + 1];
    int w2 = words[at + 2];
    int w3 = words[at + 3];
    int k0 = key0;
    int k1 = key1;
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = (MULTIPLIER_0 & 0xFFFFFFFFL) * (w0 & 0xFFFFFFFFL);
      long product1 = (MULTIPLIER_1 & 0xFFFFFFFFL) * (w2 & 0xFFFFFFFFL);
      w0 = (int) (product1 >>> 32) ^ w1 ^ k0;
      w1 = (int) product1;
      w2 = (int) (product0 >>> 32) ^ w3 ^ k1;
      w3 = (int) product0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    words[at] = w0;
    words[at + 1] = w1;
    words[at + 2] = w2;
    words[at + 3] = w3;
  }
}
