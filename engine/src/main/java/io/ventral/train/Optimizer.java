package io.ventral.train;

import io.ventral.op.AdamStep;
import io.ventral.op.AlexNetStep;
import io.ventral.op.OptimizerStep;
import io.ventral.op.RmsPropStep;
import io.ventral.op.Segment;
import io.ventral.op.SgdStep;
import java.util.List;

/** The rule of the update with its constants; the formulas stand at the operations. */
public sealed interface Optimizer {
  /** Returns the update of parameters with these segments. */
  OptimizerStep step(List<Segment> segments);

  /** Returns the decay of every parameter. */
  double weightDecay();

  /** See {@link SgdStep}. */
  record Sgd(double momentum, boolean nesterov, double weightDecay) implements Optimizer {
    @Override
    public OptimizerStep step(List<Segment> segments) {
      return new SgdStep(momentum, nesterov, segments);
    }
  }

  /** See {@link AlexNetStep}. */
  record AlexNet(double momentum, double weightDecay) implements Optimizer {
    @Override
    public OptimizerStep step(List<Segment> segments) {
      return new AlexNetStep(momentum, segments);
    }
  }

  /** See {@link AdamStep}. */
  record Adam(
      double beta1, double beta2, double epsilon, boolean decoupledDecay, double weightDecay)
      implements Optimizer {
    @Override
    public OptimizerStep step(List<Segment> segments) {
      return new AdamStep(beta1, beta2, epsilon, decoupledDecay, segments);
    }
  }

  /** See {@link RmsPropStep}. */
  record RmsProp(double alpha, double epsilon, double momentum, double weightDecay)
      implements Optimizer {
    @Override
    public OptimizerStep step(List<Segment> segments) {
      return new RmsPropStep(alpha, epsilon, momentum, segments);
    }
  }
}
