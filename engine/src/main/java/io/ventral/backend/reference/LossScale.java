package io.ventral.backend.reference;

import io.ventral.op.LossScaleStep;
import java.util.List;

/** The loss scale after a step; each output may lie over the input of its place. */
final class LossScale {
  private LossScale() {}

  static void step(LossScaleStep rule, List<Elements> in, List<Elements> out) {
    double scale = in.get(0).get(0);
    double good = in.get(1).get(0);
    double skipped = in.get(2).get(0);
    boolean healthy = in.get(3).get(0) != 0;
    boolean finite = in.get(4).get(0) != 0;
    boolean grows = finite && good + 1 >= rule.interval();
    boolean skips = !finite && healthy && scale > rule.least();
    double factor = grows ? rule.growth() : skips ? rule.backoff() : 1;
    out.get(0).set(0, Math.clamp(scale * factor, rule.least(), rule.most()));
    out.get(1).set(0, grows || skips ? 0 : finite ? good + 1 : good);
    out.get(2).set(0, skips ? skipped + 1 : skipped);
    out.get(3).set(0, finite || skips ? 1 : 0);
  }
}
