package io.ventral.backend.onednn.update;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.onednn.library.NativeMemory;
import io.ventral.backend.onednn.library.Team;
import io.ventral.backend.onednn.loop.Tiles;
import io.ventral.op.OptimizerStep;
import io.ventral.op.Segment;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * One pass of the team over all parameters, each thread taking its share of their total. Outputs
 * may lie over the inputs that they replace.
 */
public final class OptimizerLoop implements Launch, Team.Part {
  private static final long GRANULARITY = 16;

  private final Team team;
  private final UpdateRule rule;
  private final MemorySegment rate;
  private final MemorySegment apply;
  private final MemorySegment applied;
  private final MemorySegment scale;
  private final MemorySegment newApplied;
  private final ParameterRun[] runs;
  private final long elements;
  private final boolean inPlace;
  private final Tiles tiles;
  private boolean applies;
  private double rateNow;
  private float unscaleNow;

  /** Returns the loop over parameters, gradients and the state of the optimizer. */
  public OptimizerLoop(Team team, OptimizerStep step, UpdateRule rule, Operands operands) {
    this.team = team;
    this.rule = rule;
    rate = NativeMemory.of(operands.inputs().get(0));
    apply = NativeMemory.of(operands.inputs().get(1));
    applied = NativeMemory.of(operands.inputs().get(OptimizerStep.APPLIED));
    scale = NativeMemory.of(operands.inputs().get(OptimizerStep.SCALE));
    newApplied = NativeMemory.of(operands.outputs().getLast());
    List<ParameterRun> list = ParameterRun.of(step, operands);
    runs = list.toArray(ParameterRun[]::new);
    elements = list.stream().mapToLong(ParameterRun::elements).sum();
    int results = 1 + step.slots().size();
    inPlace =
        list.stream()
            .allMatch(
                run -> {
                  boolean all = true;
                  for (int k = 0; k < results; k++) {
                    all &= run.isInPlace(k);
                  }
                  return all;
                });
    tiles = new Tiles(team.threads(), results + 1);
  }

  @Override
  public void run() {
    applies = apply.get(JAVA_INT, 0) != 0;
    rateNow = rate.get(JAVA_FLOAT, 0);
    unscaleNow = 1 / scale.get(JAVA_FLOAT, 0);
    long count = applied.get(JAVA_LONG, 0);
    if (applies) {
      rule.begin(count + 1);
    }
    if (applies || !inPlace) {
      team.forEach(elements, GRANULARITY, this);
    }
    newApplied.set(JAVA_LONG, 0, applies ? count + 1 : count);
  }

  /** Takes elements {@code first} up to {@code end}, counted through all runs. */
  @Override
  public void run(int thread, long first, long end) {
    float[][] scratch = tiles.of(thread);
    long start = 0;
    for (int i = 0; i < runs.length && start < end; i++) {
      ParameterRun run = runs[i];
      if (first < start + run.elements()) {
        long from = Math.max(first - start, 0);
        long to = Math.min(end - start, run.elements());
        if (applies) {
          update(run, from, to, scratch);
        } else {
          copy(run, from, to);
        }
      }
      start += run.elements();
    }
  }

  private void update(ParameterRun run, long from, long to, float[][] scratch) {
    Segment segment = run.segment();
    double ownRate = rateNow * segment.rateScale();
    for (long at = from; at < to; at += Tiles.SIZE) {
      int count = (int) Math.min(Tiles.SIZE, to - at);
      for (int k = 0; k < run.from().length; k++) {
        Tiles.read(run.from()[k], at, scratch[k], count);
      }
      unscale(scratch[run.from().length - 1], count);
      rule.update(scratch, count, ownRate, segment.weightDecay());
      for (int k = 0; k < run.to().length; k++) {
        Tiles.write(scratch[k], run.to()[k], at, count);
      }
    }
  }

  /** Divides gradients by the loss scale. */
  private void unscale(float[] gradients, int count) {
    float factor = unscaleNow;
    if (factor != 1) {
      for (int i = 0; i < count; i++) {
        gradients[i] *= factor;
      }
    }
  }

  private static void copy(ParameterRun run, long from, long to) {
    long begin = from * Float.BYTES;
    for (int k = 0; k < run.to().length; k++) {
      if (!run.isInPlace(k)) {
        MemorySegment.copy(run.from()[k], begin, run.to()[k], begin, to * Float.BYTES - begin);
      }
    }
  }
}
