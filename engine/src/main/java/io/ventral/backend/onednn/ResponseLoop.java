package io.ventral.backend.onednn;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.op.LocalResponseNorm;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;

/**
 * Local response normalisation of x [n, positions, channels] in memory: y = x · d^−beta, position
 * by position; y may lie over x.
 */
final class ResponseLoop implements Launch, Team.Part {
  private final Team team;
  private final MemorySegment x;
  private final MemorySegment y;
  private final int channels;
  private final long elements;
  private final Scratch[] scratch;

  ResponseLoop(Team team, LocalResponseNorm op, Operands operands) {
    this.team = team;
    x = NativeMemory.of(operands.inputs().getFirst());
    y = NativeMemory.of(operands.outputs().getFirst());
    channels = operands.inputs().getFirst().type().extent(1);
    elements = operands.inputs().getFirst().type().elements();
    scratch =
        IntStream.range(0, team.threads())
            .mapToObj(
                thread -> Scratch.of(new ResponseRows(op, operands.inputs().getFirst().type())))
            .toArray(Scratch[]::new);
  }

  private record Scratch(ResponseRows rows, float[] x, float[] d) {
    static Scratch of(ResponseRows rows) {
      return new Scratch(rows, rows.array(), rows.array());
    }
  }

  @Override
  public void run() {
    team.forEach(elements, channels, this);
  }

  @Override
  public void run(int thread, long first, long end) {
    Scratch s = scratch[thread];
    long stop = end / channels;
    for (long at = first / channels; at < stop; at += s.rows.positions()) {
      int count = (int) Math.min(s.rows.positions(), stop - at);
      s.rows.read(x, at, s.x, count);
      s.rows.denominators(s.x, s.d, count);
      s.rows.normalise(s.x, s.d, s.d, count);
      s.rows.write(s.d, y, at, count);
    }
  }
}
