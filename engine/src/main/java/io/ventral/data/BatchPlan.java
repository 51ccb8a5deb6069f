package io.ventral.data;

import io.ventral.error.EngineException;
import java.util.Arrays;

/**
 * The batches of an epoch: all full but perhaps the last.
 *
 * @param size items in an epoch
 * @param batchSize items in a full batch
 */
public record BatchPlan(int size, int batchSize) {
  public BatchPlan {
    if (size < 1 || batchSize < 1) {
      throw EngineException.user(
          "batches of %d from %d images: both must be positive".formatted(batchSize, size));
    }
  }

  /** Returns the number of batches in an epoch. */
  public int batches() {
    return Math.ceilDiv(size, batchSize);
  }

  /** Returns the place in the epoch's order of the first item of {@code batch}. */
  public int first(int batch) {
    return batch * batchSize;
  }

  /** Returns the number of items in {@code batch}. */
  public int count(int batch) {
    return Math.min(batchSize, size - first(batch));
  }

  /** Returns the items of {@code batch} in an epoch of this order. */
  public int[] items(int[] order, int batch) {
    return Arrays.copyOfRange(order, first(batch), first(batch) + count(batch));
  }
}
