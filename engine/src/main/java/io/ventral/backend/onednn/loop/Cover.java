package io.ventral.backend.onednn.loop;

import io.ventral.op.AdaptiveAvgPool;

/**
 * Which positions of a source, along one axis, make up each position of a result, and with what
 * weight.
 *
 * @param begin the first source position of each result position
 * @param end the position after the last
 * @param weights of the sources where {@code bySource}, else of the results
 */
public record Cover(int[] begin, int[] end, float[] weights, boolean bySource) {

  /** Returns the cover of {@code out} adaptive windows on {@code in} positions: the means. */
  public static Cover means(int in, int out) {
    Cover cover = new Cover(new int[out], new int[out], new float[out], false);
    for (int i = 0; i < out; i++) {
      cover.begin[i] = AdaptiveAvgPool.begin(i, in, out);
      cover.end[i] = AdaptiveAvgPool.end(i, in, out);
      cover.weights[i] = 1f / (cover.end[i] - cover.begin[i]);
    }
    return cover;
  }

  /** Returns the transpose: for each of {@code in} positions the windows that cover it. */
  public static Cover windows(int in, int out) {
    Cover means = means(in, out);
    Cover cover = new Cover(new int[in], new int[in], means.weights, true);
    for (int i = 0; i < in; i++) {
      int first = 0;
      while (means.end[first] <= i) {
        first++;
      }
      int end = first;
      while (end < out && means.begin[end] <= i) {
        end++;
      }
      cover.begin[i] = first;
      cover.end[i] = end;
    }
    return cover;
  }

  float weight(int result, int source) {
    return weights[bySource ? source : result];
  }
}
