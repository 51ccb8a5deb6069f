package io.ventral.backend.onednn.update;

import io.ventral.op.AdamStep;
import io.ventral.op.AlexNetStep;
import io.ventral.op.OptimizerStep;
import io.ventral.op.RmsPropStep;
import io.ventral.op.SgdStep;

/** The arithmetic of an optimizer on arrays; the formulas are those of the operations. */
public interface UpdateRule {
  /** Tells the number of the step that follows, counted from 1. */
  default void begin(long step) {}

  /**
   * Updates the first {@code count} numbers of parameters and slots.
   *
   * @param x parameters, each slot, gradients; gradients may be used as scratch
   * @param rate the learning rate of this segment
   */
  void update(float[][] x, int count, double rate, double decay);

  /** Returns a new rule for a step; each launch has its own. */
  static UpdateRule of(OptimizerStep step) {
    return switch (step) {
      case SgdStep sgd when sgd.momentum() == 0 -> new PlainSgdRule();
      case SgdStep sgd when sgd.nesterov() -> new NesterovRule((float) sgd.momentum());
      case SgdStep sgd -> new MomentumRule((float) sgd.momentum());
      case AlexNetStep alexNet -> new AlexNetRule((float) alexNet.momentum());
      case AdamStep adam -> new AdamRule(adam);
      case RmsPropStep rmsProp -> new RmsPropRule(rmsProp);
    };
  }
}
