package io.ventral.backend.reference;

import io.ventral.op.LossScaleStep;
import java.util.List;

/** The loss scale after a step; each output may lie over the input it replaces. */
final class LossScale {
  private LossScale() {}

  static void step(LossScaleStep rule, List<Elements> in, List<Elements> out) {
    double scale = in.get(0).get(0);
    double good = in.get(1).get(0) + 1;
    double skipped = in.get(2).get(0);
    boolean finite = in.get(3).get(0) != 0;
    boolean grows = finite && good >= rule.interval();
    double factor = grows ? rule.growth() : finite ? 1 : rule.backoff();
    out.get(0).set(0, Math.clamp(scale * factor, rule.least(), rule.most()));
    out.get(1).set(0, finite && !grows ? good : 0);
    out.get(2).set(0, finite ? skipped : skipped + 1);
  }
}
