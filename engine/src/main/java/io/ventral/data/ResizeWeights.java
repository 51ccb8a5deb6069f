package io.ventral.data;

/**
 * The weights of one axis of a {@link Resize}: output element i is the sum over k of {@code
 * weights[i·taps + k]} times source element {@code first[i] + k}, k below {@code count[i]}.
 *
 * @param weights in fixed point with {@link #BITS} fraction bits
 */
record ResizeWeights(int taps, int[] first, int[] count, int[] weights) {
  /** 8 bits for the value and 2 of headroom remain of 32, as in Pillow's Resample.c. */
  static final int BITS = 22;

  /** Returns the weights from {@code in} to {@code out} elements. */
  static ResizeWeights of(Filter filter, int in, int out) {
    double scale = (double) in / out;
    // Going down, the filter widens with the scale: that is the antialiasing.
    double stretch = Math.max(scale, 1);
    double support = filter.support() * stretch;
    int taps = (int) Math.ceil(support) * 2 + 1;
    var axis = new ResizeWeights(taps, new int[out], new int[out], new int[out * taps]);
    double[] row = new double[taps];
    for (int i = 0; i < out; i++) {
      double centre = (i + 0.5) * scale;
      int first = Math.max((int) (centre - support + 0.5), 0);
      int count = Math.min((int) (centre + support + 0.5), in) - first;
      double sum = 0;
      for (int k = 0; k < count; k++) {
        row[k] = filter.weight((k + first - centre + 0.5) * (1 / stretch));
        sum += row[k];
      }
      axis.first[i] = first;
      axis.count[i] = count;
      for (int k = 0; k < count; k++) {
        axis.weights[i * taps + k] = fixed(row[k] / sum);
      }
    }
    return axis;
  }

  /** Returns {@code sum}, a sum of weighted bytes, as a byte: rounded half up, clipped. */
  static byte toByte(int sum) {
    return (byte) Math.min(Math.max(sum >> BITS, 0), 255);
  }

  private static int fixed(double weight) {
    double scaled = weight * (1 << BITS);
    return (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  }
}
