package io.ventral.backend.onednn;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import java.lang.foreign.MemorySegment;

/** dx = a + b where y > 0, else 0; in one pass over y, a and b. */
final class AddReluGradLoop implements Launch, Team.Part {
  private static final long GRANULARITY = 16;

  private final Team team;
  private final MemorySegment y;
  private final MemorySegment a;
  private final MemorySegment b;
  private final MemorySegment dx;
  private final long elements;
  private final Tiles tiles;

  AddReluGradLoop(Team team, Operands operands) {
    this.team = team;
    y = NativeMemory.of(operands.inputs().get(0));
    a = NativeMemory.of(operands.inputs().get(1));
    b = NativeMemory.of(operands.inputs().get(2));
    dx = NativeMemory.of(operands.outputs().get(0));
    elements = dx.byteSize() / Float.BYTES;
    tiles = new Tiles(team.threads(), 3);
  }

  @Override
  public void run() {
    team.forEach(elements, GRANULARITY, this);
  }

  @Override
  public void run(int thread, long first, long end) {
    float[][] own = tiles.of(thread);
    for (long at = first; at < end; at += Tiles.SIZE) {
      int count = (int) Math.min(Tiles.SIZE, end - at);
      Tiles.read(y, at, own[0], count);
      Tiles.read(a, at, own[1], count);
      Tiles.read(b, at, own[2], count);
      add(own[0], own[1], own[2], count);
      Tiles.write(own[1], dx, at, count);
    }
  }

  private static void add(float[] y, float[] a, float[] b, int count) {
    for (int i = 0; i < count; i++) {
      a[i] = y[i] > 0 ? a[i] + b[i] : 0;
    }
  }
}
