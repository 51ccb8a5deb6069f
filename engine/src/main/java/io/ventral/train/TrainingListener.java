package io.ventral.train;

import java.util.Optional;

/** Sees a run as it goes. */
public interface TrainingListener {
  /**
   * A step, as often as they come: before the stretch that it ends.
   *
   * @param epoch counted from 1
   * @param step steps of the epoch made, of {@code steps}
   */
  void step(int epoch, int epochs, int step, int steps);

  /** A stretch of steps. */
  void interval(IntervalReport report);

  /** A finished epoch with its validation. */
  void epoch(EpochReport report);

  /** Something worth a line, such as a skipped image. */
  void note(String line);

  /**
   * A stretch of steps; means are over the stretch.
   *
   * @param epoch counted from 1
   * @param step steps of the epoch made, of {@code steps}
   * @param dataSeconds mean wait for a batch
   * @param computeSeconds mean time of a step without it
   * @param etaSeconds expected time to the end of training
   */
  record IntervalReport(
      int epoch,
      int epochs,
      int step,
      int steps,
      long globalStep,
      double rate,
      double imagesPerSecond,
      double loss,
      double acc1,
      double acc5,
      double dataSeconds,
      double computeSeconds,
      double etaSeconds) {}

  /**
   * A finished epoch.
   *
   * @param epoch counted from 1
   * @param best whether it has the best accuracy so far
   * @param scaling of its losses, if they are
   */
  record EpochReport(
      int epoch,
      int epochs,
      long globalStep,
      double rate,
      TrainingState.Meter training,
      Evaluation validation,
      boolean best,
      Optional<LossScaling.Report> scaling,
      double imagesPerSecond,
      double seconds) {}
}
