package io.ventral.train;

import io.ventral.data.BadImage;
import io.ventral.data.Batch;
import io.ventral.data.BatchLoader;
import io.ventral.data.BatchPlan;
import io.ventral.data.BatchRange;
import io.ventral.data.Sampler;
import io.ventral.error.EngineException;
import io.ventral.run.Fetches;
import io.ventral.run.Pending;
import io.ventral.train.TrainingState.Meter;
import java.util.List;
import java.util.Optional;

/**
 * The training loop: batches in, steps made, reports out, an evaluation and a checkpoint an epoch.
 * What it computes depends on the job and the starting state alone; {@link #stop} ends it after the
 * step in progress, state saved.
 */
public final class Trainer implements AutoCloseable {
  private final TrainingJob job;
  private final TrainingSession session;
  private final TrainingState start;
  private volatile boolean stopRequested;

  /** How a run ended. */
  public enum Ending {
    FINISHED,
    STOPPED
  }

  /**
   * What a run gave.
   *
   * @param validation of the state it ended in; empty if it was stopped
   * @param scaling of its losses, if they were
   */
  public record Result(
      Ending ending,
      TrainingState state,
      Optional<Evaluation> validation,
      Optional<LossScaling.Report> scaling) {}

  private Trainer(TrainingJob job, TrainingSession session, TrainingState start) {
    this.job = job;
    this.session = session;
    this.start = start;
  }

  /**
   * Returns a trainer with its devices open, its memory taken and its states set: whatever can fail
   * before the first step has not.
   *
   * @throws EngineException what opening devices, building the network, allocating, or reading a
   *     checkpoint can give
   */
  public static Trainer open(TrainingJob job, TrainingStart start) {
    TrainingSession session = TrainingSession.open(job, start.choices());
    try {
      return new Trainer(job, session, start.apply(session, job));
    } catch (EngineException e) {
      session.close();
      throw e;
    }
  }

  /** Asks the loop, from any thread, to save its state and end. */
  public void stop() {
    stopRequested = true;
  }

  /**
   * Returns the result of training; a trainer trains once.
   *
   * @param arguments the flags, stored in every checkpoint
   * @throws EngineException NON_FINITE if a loss or gradient is not finite, but not for a loss
   *     scale that can be lowered, naming the layer; DATA for an unreadable image; RESOURCE if the
   *     disk is full
   */
  public Result train(RunDirectory directory, List<String> arguments, TrainingListener listener) {
    RunFiles files = new RunFiles(job, directory, arguments);
    files.begin(start);
    return new Run(files, listener).run();
  }

  @Override
  public void close() {
    session.close();
  }

  /** One call of {@link #train}. */
  private final class Run {
    private final RunFiles files;
    private final TrainingListener listener;
    private final BatchPlan plan = new BatchPlan(job.data().train().size(), job.globalBatch());
    private TrainingState state = start;
    private Optional<LaunchedStep> underWay = Optional.empty();
    private Evaluation validation;
    private final SkippedImages skipped;

    Run(RunFiles files, TrainingListener listener) {
      this.files = files;
      this.listener = listener;
      this.skipped = new SkippedImages(listener);
    }

    Result run() {
      int epochs = job.recipe().epochs();
      if (state.epoch() < epochs && !outOfSteps()) {
        BatchRange range = new BatchRange(state.epoch(), state.batch(), epochs);
        Sampler sampler = new Sampler.Shuffled(job.data().train().size(), job.seed());
        try (BatchLoader loader =
            BatchLoader.start(job.data().train(), sampler, job.trainingLoader(), range)) {
          boolean finished = true;
          while (finished && state.epoch() < epochs && !outOfPatience()) {
            finished = epoch(loader);
          }
          if (!finished) {
            files.save(session, state);
          }
        }
      }
      if (!stopRequested && validation == null) {
        validation = evaluate();
      }
      return new Result(
          stopRequested ? Ending.STOPPED : Ending.FINISHED,
          state,
          Optional.ofNullable(validation),
          LossScaling.report(session.session()));
    }

    /** Returns false if it ended, by a stop or the limit of steps, before the epoch did. */
    private boolean epoch(BatchLoader loader) {
      double rate = job.recipe().rate().at(state.epoch(), state.validationLosses());
      Stopwatch watch = new Stopwatch(state, plan, job);
      validation = null;
      long end = state.step() + plan.batches() - state.batch();
      while (launched() < end) {
        if (stopRequested || outOfSteps()) {
          finish(rate, watch);
          return false;
        }
        step(loader, rate, watch);
      }
      finish(rate, watch);
      Evaluation found = evaluate();
      if (stopRequested) {
        return false;
      }
      validation = found;
      TrainingState before = state;
      state = state.afterEpoch(found);
      boolean best = state.bestEpoch() == before.epoch();
      files.saveEpoch(session, state, best);
      TrainingListener.EpochReport report =
          watch.epochReport(before, rate, found, best, LossScaling.report(session.session()));
      files.log(report);
      listener.epoch(report);
      return true;
    }

    /** Launches the next step before it reads the results of the last one. */
    private void step(BatchLoader loader, double rate, Stopwatch watch) {
      watch.begin();
      Batch batch = next(loader, rate, watch);
      watch.endWait();
      Optional<LaunchedStep> last = underWay;
      underWay = Optional.of(launch(batch, rate, loader.badImages()));
      finish(last, rate, watch);
      if (isSaved(launched())) {
        finish(rate, watch);
        files.save(session, state);
      }
    }

    /** A problem with the next batch is told after what there is to say of the last step. */
    private Batch next(BatchLoader loader, double rate, Stopwatch watch) {
      try {
        return loader.next();
      } catch (EngineException e) {
        finish(rate, watch);
        throw e;
      }
    }

    private LaunchedStep launch(Batch batch, double rate, List<BadImage> skippedSoFar) {
      double images = Evaluator.sum(batch.weights());
      long number = launched();
      Optional<Pending> results =
          images == 0 ? Optional.empty() : Optional.of(session.step(batch, images, rate, number));
      return new LaunchedStep(batch, images, number, results, skippedSoFar);
    }

    /** Returns the steps launched since the beginning of training, finished or not. */
    private long launched() {
      return state.step() + (underWay.isPresent() ? 1 : 0);
    }

    private boolean isSaved(long step) {
      int every = job.limits().checkpointSteps();
      return every > 0 && step % every == 0;
    }

    /** Reads the results of the step under way: the devices' states are then those of the state. */
    private void finish(double rate, Stopwatch watch) {
      Optional<LaunchedStep> last = underWay;
      underWay = Optional.empty();
      watch.begin();
      finish(last, rate, watch);
    }

    private void finish(Optional<LaunchedStep> step, double rate, Stopwatch watch) {
      Optional<Meter> meter = step.map(launched -> read(launched, rate));
      watch.endStep();
      meter.ifPresent(it -> account(it, rate, watch));
    }

    private Meter read(LaunchedStep step, double rate) {
      skipped.training(step.skipped());
      if (step.results().isEmpty()) {
        return Meter.empty();
      }
      Fetches fetches = step.results().get().await();
      if (fetches.scalar(Names.FINITE) == 0 && !session.skipped(fetches)) {
        NonFiniteSearch search = new NonFiniteSearch();
        session.trace(step.batch(), step.images(), rate, step.number(), search);
        throw search.error(state.epoch() + 1, state.batch() + 1);
      }
      return step.meter(fetches);
    }

    private void account(Meter meter, double rate, Stopwatch watch) {
      watch.finished(meter);
      state = state.afterBatch(meter);
      listener.step(state.epoch() + 1, job.recipe().epochs(), state.batch(), plan.batches());
      if (state.batch() % job.limits().reportSteps() == 0 || state.batch() == plan.batches()) {
        TrainingListener.IntervalReport report = watch.intervalReport(state, rate);
        files.log(report);
        listener.interval(report);
      }
    }

    /** Returns the validation; what it says is of no use if a stop was asked for meanwhile. */
    private Evaluation evaluate() {
      return session
          .evaluator()
          .evaluate(job.data().val(), job.evaluationLoader(), skipped, () -> stopRequested);
    }

    private boolean outOfSteps() {
      return job.limits().maxSteps() > 0 && launched() >= job.limits().maxSteps();
    }

    private boolean outOfPatience() {
      int patience = job.limits().earlyStopping();
      return patience > 0 && state.epochsSinceBest() >= patience;
    }
  }
}
