package io.ventral.train;

import java.util.ArrayList;
import java.util.List;

/**
 * Where training stands, apart from the tensors. With them it determines everything that follows:
 * the order of images, augmentation and dropout are functions of seed, epoch and position.
 *
 * @param epoch the epoch in progress, counted from 0
 * @param batch the next batch of that epoch
 * @param step steps made since the beginning
 * @param meter sums over the batches of the epoch made so far
 * @param bestAcc1 best validation accuracy so far, in per cent; −1 before the first validation
 * @param bestEpoch the epoch that reached it
 * @param validationLosses one a finished epoch
 */
public record TrainingState(
    int epoch,
    int batch,
    long step,
    Meter meter,
    double bestAcc1,
    int bestEpoch,
    List<Double> validationLosses) {
  public TrainingState {
    validationLosses = List.copyOf(validationLosses);
  }

  /**
   * Sums over images.
   *
   * @param loss sum of each batch's mean loss times its images
   */
  public record Meter(double loss, long top1, long top5, long images) {
    static Meter empty() {
      return new Meter(0, 0, 0, 0);
    }

    Meter plus(Meter other) {
      return new Meter(
          loss + other.loss, top1 + other.top1, top5 + other.top5, images + other.images);
    }

    Meter minus(Meter other) {
      return new Meter(
          loss - other.loss, top1 - other.top1, top5 - other.top5, images - other.images);
    }

    /** Returns the mean loss of an image. */
    public double meanLoss() {
      return loss / images;
    }

    /** Returns the top-1 accuracy in per cent. */
    public double acc1() {
      return 100.0 * top1 / images;
    }

    /** Returns the top-5 accuracy in per cent. */
    public double acc5() {
      return 100.0 * top5 / images;
    }
  }

  static TrainingState beginning() {
    return new TrainingState(0, 0, 0, Meter.empty(), -1, -1, List.of());
  }

  /** Returns the number of epochs finished after the best one; 0 before the first validation. */
  int epochsSinceBest() {
    return bestEpoch < 0 ? 0 : epoch - 1 - bestEpoch;
  }

  /** Returns the state after one more batch of the same epoch. */
  TrainingState afterBatch(Meter of) {
    return new TrainingState(
        epoch, batch + 1, step + 1, meter.plus(of), bestAcc1, bestEpoch, validationLosses);
  }

  /** Returns the state at the beginning of the next epoch. */
  TrainingState afterEpoch(Evaluation validation) {
    boolean best = validation.acc1() > bestAcc1;
    List<Double> losses = new ArrayList<>(validationLosses);
    losses.add(validation.loss());
    return new TrainingState(
        epoch + 1,
        0,
        step,
        Meter.empty(),
        best ? validation.acc1() : bestAcc1,
        best ? epoch : bestEpoch,
        losses);
  }
}
