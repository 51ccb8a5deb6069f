package io.ventral.backend.onednn.loop;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.onednn.library.NativeMemory;
import io.ventral.backend.onednn.library.Team;
import io.ventral.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** x repeated along some axes of y. */
public final class RepetitionLoop implements Launch, Team.Part {
  private final Team team;
  private final Axes kept;
  private final Axes source;
  private final MemorySegment x;
  private final MemorySegment y;
  private final long elements;

  /** Returns the loop that repeats a value along {@code axes}. */
  public RepetitionLoop(Team team, List<Integer> axes, Operands operands) {
    this.team = team;
    Shape shape = operands.outputs().getFirst().type().shape();
    kept = Axes.of(shape, axes, false);
    source = Axes.of(operands.inputs().getFirst().type().shape(), List.of(), false);
    x = NativeMemory.of(operands.inputs().getFirst());
    y = NativeMemory.of(operands.outputs().getFirst());
    elements = shape.elements();
  }

  @Override
  public void run() {
    team.forEach(elements, 1, this);
  }

  @Override
  public void run(int thread, long first, long end) {
    for (long i = first; i < end; i++) {
      y.setAtIndex(JAVA_FLOAT, i, x.getAtIndex(JAVA_FLOAT, source.place(i, kept)));
    }
  }
}
