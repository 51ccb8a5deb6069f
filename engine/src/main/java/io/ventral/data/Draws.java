package io.ventral.data;

import io.ventral.tensor.Philox;

/**
 * The random numbers of one item: a pure function of seed, epoch and place in the epoch's order.
 */
record Draws(Philox philox, int epoch, long position) {
  private static final int PURPOSE = Philox.purpose("augment");

  /** More than any augmentation draws for one item. */
  private static final int PER_ITEM = 64;

  /** Returns draw {@code index} of the item as a number from {@code low} to below {@code high}. */
  double uniform(int index, double low, double high) {
    return low + (high - low) * philox.uniform(PURPOSE, epoch, position * PER_ITEM + index);
  }

  /** Returns draw {@code index} of the item as an integer from 0 to below {@code bound}. */
  int below(int index, int bound) {
    return philox.below(bound, PURPOSE, epoch, position * PER_ITEM + index);
  }
}
