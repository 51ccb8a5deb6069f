package io.ventral.train;

import io.ventral.error.EngineException;
import java.util.List;

/**
 * The learning rate.
 *
 * @param base the rate that the schedule scales
 * @param warmupEpochs epochs at the start in which the rate rises evenly from a hundredth of the
 *     base; the schedule counts from their end
 */
public record LearningRate(double base, int warmupEpochs, Schedule schedule) {
  private static final double WARMUP_START = 0.01;

  public LearningRate {
    if (!(base > 0) || Double.isInfinite(base)) {
      throw EngineException.user("the learning rate must be a positive number, not " + base);
    }
    if (warmupEpochs < 0) {
      throw EngineException.user("warm-up takes 0 epochs or more, not " + warmupEpochs);
    }
  }

  /** Returns the rate for {@code epoch}, counted from 0, given the validation losses so far. */
  public double at(int epoch, List<Double> losses) {
    if (epoch < warmupEpochs) {
      return base * (WARMUP_START + (1 - WARMUP_START) * epoch / warmupEpochs);
    }
    int warm = Math.min(warmupEpochs, losses.size());
    return base * schedule.factor(epoch - warmupEpochs, losses.subList(warm, losses.size()));
  }
}
