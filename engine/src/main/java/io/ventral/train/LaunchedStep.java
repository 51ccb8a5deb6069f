package io.ventral.train;

import io.ventral.data.BadImage;
import io.ventral.data.Batch;
import io.ventral.run.Fetches;
import io.ventral.run.Pending;
import io.ventral.train.TrainingState.Meter;
import java.util.List;
import java.util.Optional;

/**
 * A step that was launched, until its results are read.
 *
 * @param images sum of the batch's weights
 * @param number of the step since the beginning of training
 * @param results none for a batch of nothing but skipped images, which teaches nothing
 * @param skipped all training images skipped up to this batch
 */
record LaunchedStep(
    Batch batch, double images, long number, Optional<Pending> results, List<BadImage> skipped) {

  /** Returns what the step measured, from results that are there. */
  Meter meter(Fetches fetches) {
    return new Meter(
        fetches.scalar(Names.LOSS) * images,
        Math.round(fetches.scalar(Names.TOP1)),
        Math.round(fetches.scalar(Names.TOP5)),
        Math.round(images));
  }
}
