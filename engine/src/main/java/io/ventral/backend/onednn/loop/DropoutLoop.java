package io.ventral.backend.onednn.loop;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ventral.backend.Flattening;
import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.onednn.library.NativeMemory;
import io.ventral.backend.onednn.library.Team;
import io.ventral.op.Dropout;
import io.ventral.tensor.Philox;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * y = x/(1 − rate) where kept, else 0, for x [n, positions, channels] in memory. Random bits are
 * counted in the order [n, channels, positions]: along positions, four elements share a block.
 */
public final class DropoutLoop implements Launch, Team.Part {
  private static final int CHANNELS = 64;

  private final Team team;
  private final float factor;

  /** Kept are 32 random bits of at least this: exactly the numbers in [0, 1) of at least rate. */
  private final long threshold;

  private final long elements;
  private final long channels;
  private final long positions;
  private final long firstElement;
  private final int blockChannels;
  private final int blockPositions;
  private final MemorySegment x;
  private final MemorySegment step;
  private final MemorySegment y;
  private final Numbers numbers;
  private final Tiles tiles;
  private final DropoutBits[] draws;
  private int time;

  /** Returns the loop over x and the number of the step. */
  public DropoutLoop(Team team, Dropout op, Operands operands) {
    this.team = team;
    TensorType type = operands.inputs().getFirst().type();
    x = NativeMemory.of(operands.inputs().getFirst());
    step = NativeMemory.of(operands.inputs().get(1));
    y = NativeMemory.of(operands.outputs().getFirst());
    factor = (float) (1 / (1 - op.rate()));
    threshold = (long) Math.ceil(op.rate() * 0x1p32);
    elements = type.elements();
    firstElement = op.firstSample() * type.shape().elementsPerSample();
    boolean plain = Flattening.isRowMajor(type.shape());
    channels = plain ? 1 : type.extent(1);
    positions = plain ? elements : (long) type.extent(2) * type.extent(3);
    blockChannels = (int) Math.min(CHANNELS, channels);
    int fit = Tiles.SIZE / blockChannels;
    blockPositions = fit - fit % Philox.BLOCK;
    numbers = new Numbers(type.dtype(), team.threads());
    tiles = new Tiles(team.threads(), 1);
    draws = new DropoutBits[team.threads()];
    Arrays.setAll(draws, thread -> new DropoutBits(op, blockChannels, blockPositions));
  }

  @Override
  public void run() {
    time = (int) step.get(JAVA_LONG, 0);
    team.forEach(elements, channels * Philox.BLOCK, this);
  }

  @Override
  public void run(int thread, long first, long end) {
    long stop = end / channels;
    long at = first / channels;
    while (at < stop) {
      long sample = at / positions;
      long position = at % positions;
      int height = (int) Math.min(blockPositions, Math.min(positions - position, stop - at));
      for (long c = 0; c < channels; c += blockChannels) {
        int width = (int) Math.min(blockChannels, channels - c);
        long element = firstElement + (sample * channels + c) * positions + position;
        block(thread, at * channels + c, element, height, width);
      }
      at += height;
    }
  }

  /** Computes a block of positions and channels whose first number is number {@code at}. */
  private void block(int thread, long at, long element, int height, int width) {
    float[] tile = tiles.of(thread)[0];
    boolean whole = width == channels;
    for (int p = 0; p < (whole ? 1 : height); p++) {
      numbers.read(thread, x, at + p * channels, tile, p * width, whole ? height * width : width);
    }
    draws[thread].draw(time, element, positions, width, height);
    int begin = 0;
    for (int c = 0; c < width; c++) {
      long first = element + c * positions;
      int bit = begin + DropoutBits.inBlock(first);
      if (width == 1) {
        drop(tile, draws[thread].bits(), bit, height, threshold, factor);
      } else {
        drop(tile, c, width, draws[thread].bits(), bit, height, threshold, factor);
      }
      begin += DropoutBits.taken(first, height);
    }
    for (int p = 0; p < (whole ? 1 : height); p++) {
      numbers.write(thread, tile, p * width, y, at + p * channels, whole ? height * width : width);
    }
  }

  private static void drop(
      float[] tile, int[] bits, int bit, int count, long threshold, float factor) {
    for (int i = 0; i < count; i++) {
      tile[i] = kept(tile[i] * factor, bits[bit + i], threshold);
    }
  }

  private static void drop(
      float[] tile,
      int first,
      int stride,
      int[] bits,
      int bit,
      int count,
      long threshold,
      float factor) {
    int at = first;
    for (int i = 0; i < count; i++) {
      tile[at] = kept(tile[at] * factor, bits[bit + i], threshold);
      at += stride;
    }
  }

  /** Returns {@code value} or 0, without a branch: no processor could foretell it. */
  private static float kept(float value, int bits, long threshold) {
    // The upper half of the difference is all ones if the bits are below the threshold, else 0.
    int below = (int) (((bits & 0xFFFFFFFFL) - threshold) >>> 32);
    return Float.intBitsToFloat(Float.floatToRawIntBits(value) & ~below);
  }
}
