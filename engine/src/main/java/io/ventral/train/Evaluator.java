package io.ventral.train;

import io.ventral.data.BadImage;
import io.ventral.data.Batch;
import io.ventral.data.BatchLoader;
import io.ventral.data.BatchRange;
import io.ventral.data.Dataset;
import io.ventral.data.LoaderOptions;
import io.ventral.data.Sampler;
import io.ventral.error.EngineException;
import io.ventral.run.Executable;
import io.ventral.run.Feeds;
import io.ventral.run.Fetches;
import io.ventral.run.Session;
import io.ventral.tensor.HostTensor;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A pass over a data set without learning: every image counts exactly once, whatever the batch
 * size.
 */
public final class Evaluator {
  private final Session session;
  private final Executable executable;

  /**
   * Prepares passes of an evaluation program.
   *
   * @param executable compiled from an {@link EvaluationProgram}
   */
  public Evaluator(Session session, Executable executable) {
    this.session = session;
    this.executable = executable;
  }

  /**
   * Returns the counts over {@code dataset}.
   *
   * @param options of evaluation, with the batch size of the program
   * @param listener sees every image
   * @param stopped asked before each batch; true ends the pass early, with the counts so far
   * @throws EngineException DATA for an unreadable image
   */
  public Evaluation evaluate(
      Dataset dataset,
      LoaderOptions options,
      EvaluationListener listener,
      BooleanSupplier stopped) {
    Evaluation sum = new Evaluation(0, 0, 0, 0);
    int skippedBefore = 0;
    Sampler sampler = new Sampler.Sequential(dataset.size());
    try (BatchLoader loader = BatchLoader.start(dataset, sampler, options, BatchRange.epoch(0))) {
      while (loader.hasNext() && !stopped.getAsBoolean()) {
        sum = sum.plus(evaluate(loader.next(), listener));
        List<BadImage> skipped = loader.badImages();
        skipped.subList(skippedBefore, skipped.size()).forEach(listener::skipped);
        skippedBefore = skipped.size();
      }
    }
    if (sum.images() == 0 && !stopped.getAsBoolean()) {
      throw EngineException.data("no image could be evaluated");
    }
    return sum;
  }

  private Evaluation evaluate(Batch batch, EvaluationListener listener) {
    Fetches fetches =
        session.run(
            executable,
            new Feeds()
                .with(Names.INPUT, batch.input())
                .with(Names.LABELS, batch.labels())
                .with(Names.WEIGHTS, batch.weights()));
    report(batch, fetches, listener);
    return new Evaluation(
        Math.round(sum(batch.weights())),
        Math.round(fetches.scalar(Names.TOP1)),
        Math.round(fetches.scalar(Names.TOP5)),
        fetches.scalar(Names.LOSS_SUM));
  }

  private static void report(Batch batch, Fetches fetches, EvaluationListener listener) {
    HostTensor probabilities = fetches.get(Names.PROBABILITIES);
    int classes = probabilities.type().extent(1);
    for (int i = 0; i < batch.count(); i++) {
      if (batch.weights().get(i) != 0) {
        double[] row = new double[classes];
        for (int k = 0; k < classes; k++) {
          row[k] = probabilities.get((long) i * classes + k);
        }
        listener.image(
            new ImageResult(
                batch.items()[i],
                (int) batch.labels().get(i),
                fetches.get(Names.LOSSES).get(i),
                row));
      }
    }
  }

  /** Returns the sum of all elements. */
  static double sum(HostTensor tensor) {
    double sum = 0;
    for (long i = 0; i < tensor.type().elements(); i++) {
      sum += tensor.get(i);
    }
    return sum;
  }
}
