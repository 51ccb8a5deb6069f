package io.ventral.data;

import io.ventral.tensor.HostTensor;

/**
 * Images ready for a step. n is the batch size, or the number of items left where the last batch of
 * an epoch is not padded.
 *
 * @param epoch the epoch it belongs to, counted from 0
 * @param index its number in the epoch, counted from 0
 * @param input u8[n, channels, height, width], to be normalised
 * @param labels i64[n], class indices
 * @param weights f[n]: 1; 0 for padding and for images that were skipped
 * @param items the items' numbers in the data set, without padding
 */
public record Batch(
    int epoch, int index, HostTensor input, HostTensor labels, HostTensor weights, int[] items) {

  /** Returns the number of items, padding not counted, skipped images counted. */
  public int count() {
    return items.length;
  }
}
