package io.ventral.train;

import io.ventral.data.BatchPlan;
import io.ventral.train.TrainingState.Meter;
import java.util.Optional;

/** Measures one epoch: time waited for data and time computed, in all and since the last report. */
final class Stopwatch {
  private static final double NANOS = 1e9;

  private final BatchPlan plan;
  private final TrainingJob job;
  private final long begin = System.nanoTime();
  private long lap;
  private long waited;
  private long computed;
  private int steps;
  private long allNanos;
  private int allSteps;
  private long allImages;
  private Meter reported;
  private Meter current;

  Stopwatch(TrainingState state, BatchPlan plan, TrainingJob job) {
    this.plan = plan;
    this.job = job;
    this.reported = state.meter();
    this.current = state.meter();
  }

  /** Begins to measure; what lies between a measurement and the next beginning does not count. */
  void begin() {
    lap = System.nanoTime();
  }

  /** What passed since was waiting for data. */
  void endWait() {
    waited += lap();
  }

  /** What passed since was computing. */
  void endStep() {
    computed += lap();
  }

  private long lap() {
    long now = System.nanoTime();
    long nanos = now - lap;
    lap = now;
    allNanos += nanos;
    return nanos;
  }

  /** Counts a step whose results were read. */
  void finished(Meter meter) {
    steps++;
    allSteps++;
    allImages += meter.images();
    current = current.plus(meter);
  }

  /** Returns the report of the steps since the last one, and begins anew. */
  TrainingListener.IntervalReport intervalReport(TrainingState state, double rate) {
    Meter since = current.minus(reported);
    double seconds = (waited + computed) / NANOS;
    TrainingListener.IntervalReport report =
        new TrainingListener.IntervalReport(
            state.epoch() + 1,
            job.recipe().epochs(),
            state.batch(),
            plan.batches(),
            state.step(),
            rate,
            since.images() / seconds,
            since.meanLoss(),
            since.acc1(),
            since.acc5(),
            waited / NANOS / steps,
            computed / NANOS / steps,
            remainingSteps(state) * (allNanos / NANOS / allSteps));
    waited = 0;
    computed = 0;
    steps = 0;
    reported = current;
    return report;
  }

  private long remainingSteps(TrainingState state) {
    long epochs = (long) job.recipe().epochs() - state.epoch();
    long remaining = epochs * plan.batches() - state.batch();
    int limit = job.limits().maxSteps();
    return limit > 0 ? Math.min(remaining, limit - state.step()) : remaining;
  }

  /** Returns the report of the whole epoch, validation included in its seconds. */
  TrainingListener.EpochReport epochReport(
      TrainingState state,
      double rate,
      Evaluation validation,
      boolean best,
      Optional<LossScaling.Report> scaling) {
    return new TrainingListener.EpochReport(
        state.epoch() + 1,
        job.recipe().epochs(),
        state.step(),
        rate,
        state.meter(),
        validation,
        best,
        scaling,
        allImages * NANOS / Math.max(1, allNanos),
        (System.nanoTime() - begin) / NANOS);
  }
}
