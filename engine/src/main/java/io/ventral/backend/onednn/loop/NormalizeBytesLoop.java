package io.ventral.backend.onednn.loop;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.onednn.library.NativeMemory;
import io.ventral.backend.onednn.library.Team;
import io.ventral.op.NormalizeBytes;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/** y = table[c·256 + x] for bytes x, channels innermost: what each byte becomes is known ahead. */
public final class NormalizeBytesLoop implements Launch, Team.Part {
  private static final long GRANULARITY = 64;

  private final Team team;
  private final float[] table;
  private final int channels;

  /** Where in the table the channel of each number of a tile begins, the first one's being 0. */
  private final int[] rows;

  private final long elements;
  private final MemorySegment x;
  private final MemorySegment y;
  private final Numbers numbers;
  private final Tiles tiles;
  private final byte[][] bytes;

  /** Returns the loop over images of bytes. */
  public NormalizeBytesLoop(Team team, NormalizeBytes op, Operands operands) {
    this.team = team;
    double[] exact = op.table();
    table = new float[exact.length];
    for (int i = 0; i < exact.length; i++) {
      table[i] = (float) exact[i];
    }
    TensorType type = operands.inputs().getFirst().type();
    channels = type.extent(1);
    rows = new int[channels + Tiles.SIZE];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i % channels * NormalizeBytes.VALUES;
    }
    elements = type.elements();
    x = NativeMemory.of(operands.inputs().getFirst());
    y = NativeMemory.of(operands.outputs().getFirst());
    numbers = new Numbers(op.dtype(), team.threads());
    tiles = new Tiles(team.threads(), 1);
    bytes = new byte[team.threads()][Tiles.SIZE];
  }

  @Override
  public void run() {
    team.forEach(elements, GRANULARITY, this);
  }

  @Override
  public void run(int thread, long first, long end) {
    float[] tile = tiles.of(thread)[0];
    byte[] own = bytes[thread];
    for (long at = first; at < end; at += Tiles.SIZE) {
      int count = (int) Math.min(Tiles.SIZE, end - at);
      MemorySegment.copy(x, JAVA_BYTE, at, own, 0, count);
      normalize(own, (int) (at % channels), tile, count);
      numbers.write(thread, tile, 0, y, at, count);
    }
  }

  private void normalize(byte[] from, int channel, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = table[rows[channel + i] + (from[i] & 0xFF)];
    }
  }
}
