package io.ventral.backend.onednn.loop;

import io.ventral.op.Dropout;
import io.ventral.tensor.Philox;

/** The random bits of one thread's tile: several runs of neighbouring elements, drawn together. */
final class DropoutBits {
  private final Dropout op;
  private final Philox random;
  private final long[] blocks;
  private final int[][] words;
  private final int[] bits;

  /** Makes room for {@code runs} runs of {@code length} elements. */
  DropoutBits(Dropout op, int runs, int length) {
    this.op = op;
    random = new Philox(op.seed());
    int room = runs * (length / Philox.BLOCK + 2);
    blocks = new long[room];
    words = new int[Philox.BLOCK][room];
    bits = new int[Philox.BLOCK * room];
  }

  /**
   * Draws the bits of {@code runs} runs of {@code length} elements at step {@code step}: the first
   * from {@code element} on, each next {@code stride} elements further.
   */
  void draw(int step, long element, long stride, int runs, int length) {
    int count = 0;
    for (int run = 0; run < runs; run++) {
      long first = element + run * stride;
      long end = Math.ceilDiv(first + length, Philox.BLOCK);
      for (long block = first / Philox.BLOCK; block < end; block++) {
        blocks[count++] = block;
      }
    }
    random.blocks(op.purpose(), step, blocks, count, words);
    interleave(words[0], words[1], words[2], words[3], bits, count);
  }

  private static void interleave(int[] w0, int[] w1, int[] w2, int[] w3, int[] bits, int count) {
    for (int i = 0; i < count; i++) {
      bits[4 * i] = w0[i];
      bits[4 * i + 1] = w1[i];
      bits[4 * i + 2] = w2[i];
      bits[4 * i + 3] = w3[i];
    }
  }

  /** Returns the bits drawn last, each run from the start of the block in which it begins. */
  int[] bits() {
    return bits;
  }

  /** Returns the place within its block of an element. */
  static int inBlock(long element) {
    return (int) (element % Philox.BLOCK);
  }

  /** Returns how many bits a run takes that begins at an element: those of whole blocks. */
  static int taken(long element, int length) {
    return Math.ceilDiv(inBlock(element) + length, Philox.BLOCK) * Philox.BLOCK;
  }
}
