package io.ventral.backend.onednn.loop;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.onednn.library.NativeMemory;
import io.ventral.backend.onednn.library.Team;
import io.ventral.op.LocalResponseNorm;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Local response normalisation of x [n, positions, channels] in memory, or its gradient: position
 * by position, so that the result may lie over any operand.
 */
public final class ResponseLoop implements Launch, Team.Part {
  private final Team team;
  private final Formula formula;
  private final List<MemorySegment> operands;
  private final MemorySegment result;
  private final int channels;
  private final long elements;
  private final Scratch[] scratch;

  /** What is computed of some positions. */
  @FunctionalInterface
  private interface Formula {
    /**
     * Returns the array that holds the result: one of those given.
     *
     * @param in an array for each operand, x first; may be overwritten
     * @param d the denominators of x; may be overwritten
     * @param spare an array more
     */
    float[] compute(ResponseRows rows, float[][] in, float[] d, float[] spare, int count);
  }

  private ResponseLoop(Team team, Formula formula, LocalResponseNorm op, Operands places) {
    this.team = team;
    this.formula = formula;
    operands = places.inputs().stream().map(NativeMemory::of).toList();
    result = NativeMemory.of(places.outputs().getFirst());
    TensorType x = places.inputs().getFirst().type();
    channels = x.extent(1);
    elements = x.elements();
    scratch =
        IntStream.range(0, team.threads())
            .mapToObj(thread -> Scratch.of(new ResponseRows(op, x), operands.size()))
            .toArray(Scratch[]::new);
  }

  /** Returns y = x · d^−beta of x. */
  public static ResponseLoop forward(Team team, LocalResponseNorm op, Operands places) {
    Formula formula =
        (rows, in, d, spare, count) -> {
          rows.normalise(in[0], d, d, count);
          return d;
        };
    return new ResponseLoop(team, formula, op, places);
  }

  /** Returns dx of x, y and dy. */
  public static ResponseLoop gradient(Team team, LocalResponseNorm op, Operands places) {
    Formula formula =
        (rows, in, d, spare, count) -> {
          rows.gradient(in[0], in[1], in[2], d, spare, count);
          return spare;
        };
    return new ResponseLoop(team, formula, op, places);
  }

  private record Scratch(ResponseRows rows, float[][] in, float[] d, float[] spare) {
    static Scratch of(ResponseRows rows, int operands) {
      float[][] in =
          IntStream.range(0, operands).mapToObj(i -> rows.array()).toArray(float[][]::new);
      return new Scratch(rows, in, rows.array(), rows.array());
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
      for (int i = 0; i < s.in.length; i++) {
        s.rows.read(operands.get(i), at, s.in[i], count);
      }
      s.rows.denominators(s.in[0], s.d, count);
      float[] found = formula.compute(s.rows, s.in, s.d, s.spare, count);
      s.rows.write(found, result, at, count);
    }
  }
}
