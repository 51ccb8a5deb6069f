package io.ventral.train;

import io.ventral.data.Batch;
import io.ventral.data.BatchLoader;
import io.ventral.data.BatchPlan;
import io.ventral.data.BatchRange;
import io.ventral.data.Sampler;
import io.ventral.error.EngineException;
import io.ventral.run.Fetches;
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
      while (state.batch() < plan.batches()) {
        if (stopRequested || outOfSteps()) {
          return false;
        }
        step(loader, rate, watch);
      }
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

    private void step(BatchLoader loader, double rate, Stopwatch watch) {
      watch.beginWait();
      Batch batch = loader.next();
      skipped.training(loader.badImages());
      watch.beginStep();
      double images = Evaluator.sum(batch.weights());
      // A batch of nothing but skipped images teaches nothing.
      Meter meter = images == 0 ? Meter.empty() : compute(batch, images, rate);
      watch.endStep(meter);
      state = state.afterBatch(meter);
      listener.step(state.epoch() + 1, job.recipe().epochs(), state.batch(), plan.batches());
      if (state.batch() % job.limits().reportSteps() == 0 || state.batch() == plan.batches()) {
        TrainingListener.IntervalReport report = watch.intervalReport(state, rate);
        files.log(report);
        listener.interval(report);
      }
      int every = job.limits().checkpointSteps();
      if (every > 0 && state.step() % every == 0) {
        files.save(session, state);
      }
    }

    private Meter compute(Batch batch, double images, double rate) {
      Fetches fetches = session.step(batch, images, rate, state.step());
      if (fetches.scalar(Names.FINITE) == 0 && !session.skipped(fetches)) {
        NonFiniteSearch search = new NonFiniteSearch();
        session.trace(batch, images, rate, state.step(), search);
        throw search.error(state.epoch() + 1, state.batch() + 1);
      }
      return new Meter(
          fetches.scalar(Names.LOSS) * images,
          Math.round(fetches.scalar(Names.TOP1)),
          Math.round(fetches.scalar(Names.TOP5)),
          Math.round(images));
    }

    /** Returns the validation; what it says is of no use if a stop was asked for meanwhile. */
    private Evaluation evaluate() {
      return session
          .evaluator()
          .evaluate(job.data().val(), job.evaluationLoader(), skipped, () -> stopRequested);
    }

    private boolean outOfSteps() {
      return job.limits().maxSteps() > 0 && state.step() >= job.limits().maxSteps();
    }

    private boolean outOfPatience() {
      int patience = job.limits().earlyStopping();
      return patience > 0 && state.epochsSinceBest() >= patience;
    }
  }
}
