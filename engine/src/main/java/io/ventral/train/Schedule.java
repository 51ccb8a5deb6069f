package io.ventral.train;

import io.ventral.error.EngineException;
import java.util.List;

/**
 * The factor on the base rate, epoch by epoch, as in torchvision: a pure function of the epoch and
 * of the validation losses so far, so that nothing has to be saved to go on exactly.
 */
public sealed interface Schedule {
  /**
   * Returns the factor for {@code epoch}, counted from 0.
   *
   * @param losses the validation loss of each earlier epoch
   */
  double factor(int epoch, List<Double> losses);

  /** Always 1. */
  record Constant() implements Schedule {
    @Override
    public double factor(int epoch, List<Double> losses) {
      return 1;
    }
  }

  /** Times gamma every {@code size} epochs. */
  record Step(int size, double gamma) implements Schedule {
    public Step {
      if (size < 1) {
        throw EngineException.user("a step of the rate takes at least 1 epoch, not " + size);
      }
    }

    @Override
    public double factor(int epoch, List<Double> losses) {
      int decays = epoch / size;
      return StrictMath.pow(gamma, decays);
    }
  }

  /** Times gamma at each of the given epochs. */
  record MultiStep(List<Integer> milestones, double gamma) implements Schedule {
    public MultiStep {
      milestones = List.copyOf(milestones);
    }

    @Override
    public double factor(int epoch, List<Double> losses) {
      int passed = 0;
      for (int milestone : milestones) {
        passed += milestone <= epoch ? 1 : 0;
      }
      return StrictMath.pow(gamma, passed);
    }
  }

  /** Half a cosine from 1 to {@code end} over {@code epochs} (Loshchilov and Hutter 2017). */
  record Cosine(int epochs, double end) implements Schedule {
    @Override
    public double factor(int epoch, List<Double> losses) {
      double done = Math.min(1, epoch / (double) Math.max(1, epochs));
      return end + (1 - end) * (1 + StrictMath.cos(Math.PI * done)) / 2;
    }
  }

  /** Times gamma every epoch. */
  record Exponential(double gamma) implements Schedule {
    @Override
    public double factor(int epoch, List<Double> losses) {
      return StrictMath.pow(gamma, epoch);
    }
  }

  /**
   * Times gamma whenever the validation loss has not fallen by a factor of 1 − 1e-4 for more than
   * {@code patience} epochs.
   */
  record Plateau(int patience, double gamma) implements Schedule {
    private static final double THRESHOLD = 1e-4;

    @Override
    public double factor(int epoch, List<Double> losses) {
      double factor = 1;
      double best = Double.POSITIVE_INFINITY;
      int waiting = 0;
      for (double loss : losses) {
        if (loss < best * (1 - THRESHOLD)) {
          best = loss;
          waiting = 0;
        } else if (++waiting > patience) {
          factor *= gamma;
          waiting = 0;
        }
      }
      return factor;
    }
  }
}
