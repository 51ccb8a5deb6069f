package io.ventral.backend.onednn.loop;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.onednn.library.NativeMemory;
import java.lang.foreign.MemorySegment;

/**
 * y = (1 − momentum)·running + momentum·batch, or running where the flag is 0; y may lie over
 * running.
 */
public final class AverageLoop implements Launch {
  private final double momentum;
  private final MemorySegment running;
  private final MemorySegment batch;
  private final MemorySegment apply;
  private final MemorySegment y;
  private final long count;

  /** Returns the loop over a running average, the value of this batch, and whether it counts. */
  public AverageLoop(double momentum, Operands operands) {
    this.momentum = momentum;
    running = NativeMemory.of(operands.inputs().get(0));
    batch = NativeMemory.of(operands.inputs().get(1));
    apply = NativeMemory.of(operands.inputs().get(2));
    y = NativeMemory.of(operands.outputs().getFirst());
    count = operands.outputs().getFirst().type().elements();
  }

  @Override
  public void run() {
    double weight = apply.get(JAVA_INT, 0) == 0 ? 0 : momentum;
    for (long i = 0; i < count; i++) {
      float old = running.getAtIndex(JAVA_FLOAT, i);
      // Where nothing is applied the batch may hold NaN, which no weight makes harmless.
      y.setAtIndex(
          JAVA_FLOAT,
          i,
          weight == 0
              ? old
              : (float) ((1 - weight) * old + weight * batch.getAtIndex(JAVA_FLOAT, i)));
    }
  }
}
