package io.ventral.backend.onednn.loop;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.onednn.library.NativeMemory;
import io.ventral.backend.onednn.library.Team;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Each position of a result, with all its channels, as a weighted sum of source positions: adaptive
 * average pooling of any windows, and its gradient; summed as floats, rounded once.
 */
public final class CoverLoop implements Launch, Team.Part {
  private final Team team;
  private final Cover vertical;
  private final Cover horizontal;
  private final MemorySegment from;
  private final MemorySegment to;
  private final TensorType source;
  private final TensorType result;
  private final int channels;
  private final Numbers numbers;
  private final float[][] sums;
  private final float[][] reads;

  /** Returns the loop, given what each row and each column of the result covers. */
  public CoverLoop(Team team, Cover vertical, Cover horizontal, Operands operands) {
    this.team = team;
    this.vertical = vertical;
    this.horizontal = horizontal;
    from = NativeMemory.of(operands.inputs().getFirst());
    to = NativeMemory.of(operands.outputs().getFirst());
    source = operands.inputs().getFirst().type();
    result = operands.outputs().getFirst().type();
    channels = source.extent(1);
    numbers = new Numbers(source.dtype(), team.threads());
    sums = Separate.floats(team.threads(), channels);
    reads = Separate.floats(team.threads(), channels);
  }

  @Override
  public void run() {
    team.forEach(result.elements(), channels, this);
  }

  @Override
  public void run(int thread, long first, long end) {
    int height = result.extent(2);
    int width = result.extent(3);
    float[] sum = sums[thread];
    for (long at = first / channels; at < end / channels; at++) {
      int row = (int) (at / width % height);
      int column = (int) (at % width);
      Arrays.fill(sum, 0);
      gather(thread, at / width / height, row, column, sum);
      numbers.write(thread, sum, 0, to, at * channels, channels);
    }
  }

  private void gather(int thread, long sample, int row, int column, float[] sum) {
    float[] read = reads[thread];
    for (int h = vertical.begin()[row]; h < vertical.end()[row]; h++) {
      for (int w = horizontal.begin()[column]; w < horizontal.end()[column]; w++) {
        long position = (sample * source.extent(2) + h) * source.extent(3) + w;
        numbers.read(thread, from, position * channels, read, 0, channels);
        add(read, vertical.weight(row, h) * horizontal.weight(column, w), sum);
      }
    }
  }

  private void add(float[] x, float weight, float[] sum) {
    for (int c = 0; c < channels; c++) {
      sum[c] += weight * x[c];
    }
  }
}
