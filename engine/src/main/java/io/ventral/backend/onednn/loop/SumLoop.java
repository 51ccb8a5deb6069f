package io.ventral.backend.onednn.loop;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.Region;
import io.ventral.backend.onednn.library.NativeMemory;
import io.ventral.backend.onednn.library.Team;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** y = Σ x over some axes, added up in double, by a divisor. */
public final class SumLoop implements Launch, Team.Part {
  private final Team team;
  private final Axes summed;
  private final Axes kept;
  private final Axes result;
  private final double divisor;
  private final MemorySegment x;
  private final MemorySegment y;
  private final long elements;
  private final long each;

  /** Returns the loop that sums over {@code axes} and divides. */
  public SumLoop(Team team, List<Integer> axes, double divisor, Operands operands) {
    this.team = team;
    this.divisor = divisor;
    Region from = operands.inputs().getFirst();
    Region to = operands.outputs().getFirst();
    summed = Axes.of(from.type().shape(), axes, true);
    kept = Axes.of(from.type().shape(), axes, false);
    result = Axes.of(to.type().shape(), List.of(), false);
    x = NativeMemory.of(from);
    y = NativeMemory.of(to);
    elements = from.type().elements();
    each = elements / to.type().elements();
  }

  @Override
  public void run() {
    team.forEach(elements, each, this);
  }

  /** Computes the sums that elements {@code first} up to {@code end} of x stand for. */
  @Override
  public void run(int thread, long first, long end) {
    for (long i = first / each; i < end / each; i++) {
      y.setAtIndex(JAVA_FLOAT, i, (float) (sum(0, kept.place(i, result)) / divisor));
    }
  }

  private double sum(int axis, long from) {
    if (axis == summed.rank()) {
      return x.getAtIndex(JAVA_FLOAT, from);
    }
    double sum = 0;
    for (int i = 0; i < summed.extents()[axis]; i++) {
      sum += sum(axis + 1, from + i * summed.strides()[axis]);
    }
    return sum;
  }
}
