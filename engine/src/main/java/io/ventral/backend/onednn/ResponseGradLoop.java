package io.ventral.backend.onednn;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.op.LocalResponseNorm;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;

/**
 * Gradient of local response normalisation from x, y and dy, position by position; dx may lie over
 * dy.
 */
final class ResponseGradLoop implements Launch, Team.Part {
  private final Team team;
  private final MemorySegment x;
  private final MemorySegment y;
  private final MemorySegment dy;
  private final MemorySegment dx;
  private final int channels;
  private final long elements;
  private final Scratch[] scratch;

  ResponseGradLoop(Team team, LocalResponseNorm op, Operands operands) {
    this.team = team;
    x = NativeMemory.of(operands.inputs().get(0));
    y = NativeMemory.of(operands.inputs().get(1));
    dy = NativeMemory.of(operands.inputs().get(2));
    dx = NativeMemory.of(operands.outputs().getFirst());
    channels = operands.inputs().getFirst().type().extent(1);
    elements = operands.inputs().getFirst().type().elements();
    scratch =
        IntStream.range(0, team.threads())
            .mapToObj(
                thread -> Scratch.of(new ResponseRows(op, operands.inputs().getFirst().type())))
            .toArray(Scratch[]::new);
  }

  private record Scratch(
      ResponseRows rows, float[] x, float[] y, float[] dy, float[] d, float[] dx) {
    static Scratch of(ResponseRows rows) {
      return new Scratch(
          rows, rows.array(), rows.array(), rows.array(), rows.array(), rows.array());
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
      s.rows.read(y, at, s.y, count);
      s.rows.read(dy, at, s.dy, count);
      s.rows.denominators(s.x, s.d, count);
      s.rows.gradient(s.x, s.y, s.dy, s.d, s.dx, count);
      s.rows.write(s.dx, dx, at, count);
    }
  }
}
