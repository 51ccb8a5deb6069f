package io.ventral.backend.reference;

import io.ventral.op.Dropout;
import io.ventral.tensor.Philox;

/** Inverted dropout of x [N,…]; its gradient is the same loop on dy. */
final class DropoutLoop {
  private DropoutLoop() {}

  /**
   * y = x/(1 − rate) where kept, else 0. Random numbers are counted by the logical row-major index
   * in the whole batch, so they depend neither on the memory format nor on how the batch is shared
   * out.
   */
  static void run(Dropout op, Elements x, Elements step, Elements y, ParallelLoop parallel) {
    Channels view = Channels.of(x);
    Philox random = new Philox(op.seed());
    int time = (int) (long) step.get(0);
    long firstRow = (long) op.firstSample() * view.channels();
    parallel.forEach(
        view.samples() * view.channels(),
        view.positions(),
        row -> {
          int at = view.at(row / view.channels(), row % view.channels());
          long element = (firstRow + row) * view.positions();
          for (int p = 0; p < view.positions(); p++, at += view.positionStride()) {
            boolean kept = random.uniform(op.purpose(), time, element + p) >= op.rate();
            y.set(at, kept ? x.get(at) / (1 - op.rate()) : 0);
          }
        });
  }
}
