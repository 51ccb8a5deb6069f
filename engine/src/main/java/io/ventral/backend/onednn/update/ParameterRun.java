package io.ventral.backend.onednn.update;

import io.ventral.backend.Operands;
import io.ventral.op.OptimizerStep;
import io.ventral.op.Segment;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Parameters of one segment that lie one behind the other, as do their slots and gradients, before
 * the step and after it: updated as if they were one.
 *
 * @param from parameters, each slot, gradients
 * @param to new parameters, each new slot
 */
public record ParameterRun(
    Segment segment, long elements, MemorySegment[] from, MemorySegment[] to) {

  /** Returns the parameters of {@code step} in as few runs as their places allow. */
  public static List<ParameterRun> of(OptimizerStep step, Operands operands) {
    List<ParameterRun> runs = new ArrayList<>();
    Spans open = null;
    for (int i = 0; i < step.segments().size(); i++) {
      Spans next = Spans.of(step, operands, i);
      if (open != null && open.meets(next)) {
        open = open.with(next);
        continue;
      }
      if (open != null) {
        runs.add(open.run());
      }
      open = next;
    }
    runs.add(open.run());
    return List.copyOf(runs);
  }

  /** Returns whether {@code to[k]} lies over {@code from[k]}. */
  boolean isInPlace(int k) {
    return to[k].address() == from[k].address();
  }

  /** A run that may still grow. */
  private record Spans(Segment segment, List<Span> from, List<Span> to) {
    static Spans of(OptimizerStep step, Operands operands, int i) {
      List<Span> from = new ArrayList<>();
      List<Span> to = new ArrayList<>();
      from.add(Span.of(step.parameters(operands.inputs()).get(i)));
      to.add(Span.of(step.newParameters(operands.outputs()).get(i)));
      for (int slot = 0; slot < step.slots().size(); slot++) {
        from.add(Span.of(step.slot(operands.inputs(), slot).get(i)));
        to.add(Span.of(step.newSlot(operands.outputs(), slot).get(i)));
      }
      from.add(Span.of(step.gradients(operands.inputs()).get(i)));
      return new Spans(step.segments().get(i), from, to);
    }

    boolean meets(Spans next) {
      return segment.equals(next.segment) && meet(from, next.from) && meet(to, next.to);
    }

    private static boolean meet(List<Span> spans, List<Span> next) {
      for (int k = 0; k < spans.size(); k++) {
        if (!spans.get(k).meets(next.get(k))) {
          return false;
        }
      }
      return true;
    }

    Spans with(Spans next) {
      return new Spans(segment, joined(from, next.from), joined(to, next.to));
    }

    private static List<Span> joined(List<Span> spans, List<Span> next) {
      List<Span> joined = new ArrayList<>();
      for (int k = 0; k < spans.size(); k++) {
        joined.add(spans.get(k).with(next.get(k)));
      }
      return joined;
    }

    ParameterRun run() {
      return new ParameterRun(
          segment, from.getFirst().bytes() / Float.BYTES, segments(from), segments(to));
    }

    private static MemorySegment[] segments(List<Span> spans) {
      return spans.stream().map(Span::segment).toArray(MemorySegment[]::new);
    }
  }
}
