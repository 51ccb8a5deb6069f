package io.ventral.backend.onednn.loop;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.onednn.library.NativeMemory;
import io.ventral.backend.onednn.library.Team;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * w' = f·w and b' = f·(b − mean) + bias with f = scale/√(variance + epsilon), computed in double
 * and rounded once. Each thread takes whole filters, which lie one behind the other in memory.
 */
public final class BatchNormFoldLoop implements Launch, Team.Part {
  private final Team team;
  private final double epsilon;
  private final List<MemorySegment> in;
  private final MemorySegment filter;
  private final MemorySegment bias;
  private final long perFilter;
  private final Tiles tiles;

  /** Returns the loop over filter, scale, shift, mean and variance. */
  public BatchNormFoldLoop(Team team, double epsilon, Operands operands) {
    this.team = team;
    this.epsilon = epsilon;
    in = operands.inputs().stream().map(NativeMemory::of).toList();
    filter = NativeMemory.of(operands.outputs().get(0));
    bias = NativeMemory.of(operands.outputs().get(1));
    perFilter = filter.byteSize() / bias.byteSize();
    tiles = new Tiles(team.threads(), 1);
  }

  @Override
  public void run() {
    team.forEach(filter.byteSize() / Float.BYTES, perFilter, this);
  }

  @Override
  public void run(int thread, long first, long end) {
    for (long channel = first / perFilter; channel < end / perFilter; channel++) {
      double factor = vector(1, channel) / Math.sqrt(vector(4, channel) + epsilon);
      double own = in.size() == 6 ? vector(5, channel) : 0;
      double shift = factor * (own - vector(3, channel)) + vector(2, channel);
      bias.setAtIndex(JAVA_FLOAT, channel, (float) shift);
      scale(factor, channel * perFilter, (channel + 1) * perFilter, tiles.of(thread)[0]);
    }
  }

  private double vector(int operand, long channel) {
    return in.get(operand).getAtIndex(JAVA_FLOAT, channel);
  }

  private void scale(double factor, long first, long end, float[] tile) {
    for (long at = first; at < end; at += Tiles.SIZE) {
      int count = (int) Math.min(Tiles.SIZE, end - at);
      Tiles.read(in.getFirst(), at, tile, count);
      for (int i = 0; i < count; i++) {
        tile[i] = (float) (factor * tile[i]);
      }
      Tiles.write(tile, filter, at, count);
    }
  }
}
