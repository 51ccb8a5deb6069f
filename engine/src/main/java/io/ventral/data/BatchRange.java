package io.ventral.data;

import io.ventral.error.EngineException;

/**
 * The batches that a loader yields, one epoch after the other.
 *
 * @param epoch epoch of the first batch, counted from 0
 * @param batch the first batch, counted from 0 in its epoch
 * @param endEpoch the epoch before which the loader ends
 */
public record BatchRange(int epoch, int batch, int endEpoch) {
  public BatchRange {
    if (epoch < 0 || batch < 0 || endEpoch <= epoch) {
      throw EngineException.internal(
          "batches from batch %d of epoch %d to the beginning of epoch %d"
              .formatted(batch, epoch, endEpoch));
    }
  }

  /** Returns all batches of one epoch. */
  public static BatchRange epoch(int epoch) {
    return new BatchRange(epoch, 0, epoch + 1);
  }

  /** Returns the number of batches in this range, with {@code batches} in an epoch. */
  long count(int batches) {
    return (long) (endEpoch - epoch) * batches - batch;
  }
}
