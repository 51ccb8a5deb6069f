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
import io.ventral.run.Pending;
import io.ventral.run.Session;
import io.ventral.tensor.HostTensor;
import java.util.List;
import java.util.Optional;
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
    Sampler sampler = new Sampler.Sequential(dataset.size());
    Evaluation sum;
    try (BatchLoader loader = BatchLoader.start(dataset, sampler, options, BatchRange.epoch(0))) {
      sum = new Pass(loader, listener).run(stopped);
    }
    if (sum.images() == 0 && !stopped.getAsBoolean()) {
      throw EngineException.data("no image could be evaluated");
    }
    return sum;
  }

  /** A batch that was launched, until its results are read. */
  private record LaunchedBatch(Batch batch, Pending results, List<BadImage> skipped) {}

  /** One call of {@link #evaluate}: a batch is launched before the results of the last are read. */
  private final class Pass {
    private final BatchLoader loader;
    private final EvaluationListener listener;
    private Evaluation total = new Evaluation(0, 0, 0, 0);
    private int skippedBefore;

    Pass(BatchLoader loader, EvaluationListener listener) {
      this.loader = loader;
      this.listener = listener;
    }

    Evaluation run(BooleanSupplier stopped) {
      Optional<LaunchedBatch> underWay = Optional.empty();
      while (loader.hasNext() && !stopped.getAsBoolean()) {
        LaunchedBatch next = launch(loader.next());
        underWay.ifPresent(this::finish);
        underWay = Optional.of(next);
      }
      underWay.ifPresent(this::finish);
      return total;
    }

    private LaunchedBatch launch(Batch batch) {
      Feeds feeds =
          new Feeds()
              .with(Names.INPUT, batch.input())
              .with(Names.LABELS, batch.labels())
              .with(Names.WEIGHTS, batch.weights());
      return new LaunchedBatch(batch, session.launch(executable, feeds), loader.badImages());
    }

    private void finish(LaunchedBatch launched) {
      Batch batch = launched.batch();
      Fetches fetches = launched.results().await();
      report(batch, fetches, listener);
      total =
          total.plus(
              new Evaluation(
                  Math.round(sum(batch.weights())),
                  Math.round(fetches.scalar(Names.TOP1)),
                  Math.round(fetches.scalar(Names.TOP5)),
                  fetches.scalar(Names.LOSS_SUM)));
      List<BadImage> skipped = launched.skipped();
      skipped.subList(skippedBefore, skipped.size()).forEach(listener::skipped);
      skippedBefore = skipped.size();
    }
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
