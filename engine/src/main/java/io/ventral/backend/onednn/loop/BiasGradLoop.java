package io.ventral.backend.onednn.loop;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.ventral.backend.Launch;
import io.ventral.backend.onednn.library.Team;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * db[c] = Σ dy[n,h,w,c], channels last. Each thread adds up its rows in double, then the sums of
 * the threads are added in their order: the same bits every time with as many threads.
 */
public final class BiasGradLoop implements Launch, Team.Part {
  /** Sums kept side by side at least, so that few channels also fill vectors. */
  private static final int WIDTH = 256;

  private final Team team;
  private final MemorySegment from;
  private final MemorySegment to;
  private final long elements;
  private final int channels;

  /** Sum k of a thread belongs to channel k mod channels. */
  private final double[][] sums;

  /** Sums of a thread. */
  private final int width;

  private final float[] totals;
  private final Numbers numbers;
  private final Tiles tiles;

  /** Returns the loop over a gradient of type {@code dy}. */
  public BiasGradLoop(Team team, TensorType dy, MemorySegment from, MemorySegment to) {
    this.team = team;
    this.from = from;
    this.to = to;
    channels = dy.extent(1);
    elements = dy.elements();
    numbers = new Numbers(dy.dtype(), team.threads());
    width = channels * Math.ceilDiv(WIDTH, channels);
    sums = Separate.doubles(team.threads(), width);
    totals = new float[channels];
    tiles = new Tiles(team.threads(), 1);
  }

  @Override
  public void run() {
    for (double[] sum : sums) {
      Arrays.fill(sum, 0);
    }
    team.forEach(elements, channels, this);
    for (int c = 0; c < channels; c++) {
      double total = 0;
      for (double[] sum : sums) {
        for (int k = c; k < width; k += channels) {
          total += sum[k];
        }
      }
      totals[c] = (float) total;
    }
    MemorySegment.copy(totals, 0, to, JAVA_FLOAT, 0, channels);
  }

  @Override
  public void run(int thread, long first, long end) {
    float[] tile = tiles.of(thread)[0];
    double[] sum = sums[thread];
    int k = 0;
    for (long at = first; at < end; at += Tiles.SIZE) {
      int count = (int) Math.min(Tiles.SIZE, end - at);
      numbers.read(thread, from, at, tile, 0, count);
      for (int begin = 0; begin < count; ) {
        int length = Math.min(count - begin, width - k);
        add(tile, begin, sum, k, length);
        begin += length;
        k = k + length == width ? 0 : k + length;
      }
    }
  }

  private static void add(float[] tile, int begin, double[] sum, int k, int length) {
    for (int i = 0; i < length; i++) {
      sum[k + i] += tile[begin + i];
    }
  }
}
