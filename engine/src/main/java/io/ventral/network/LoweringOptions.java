package io.ventral.network;

import io.ventral.tensor.DType;

/**
 * How a network becomes a graph.
 *
 * @param dtype number format of values and parameters
 * @param training whether normalisation uses the batch and dropout drops
 * @param dropout whether dropout drops in training
 * @param statisticsGroups how many runs of samples each batch normalisation treats apart
 * @param seed of everything random
 */
public record LoweringOptions(
    DType dtype, boolean training, boolean dropout, int statisticsGroups, long seed) {
  /** Returns the options of evaluation. */
  public static LoweringOptions evaluation(DType dtype) {
    return new LoweringOptions(dtype, false, false, 1, 0);
  }
}
