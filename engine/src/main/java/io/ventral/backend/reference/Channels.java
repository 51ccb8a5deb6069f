package io.ventral.backend.reference;

/**
 * A value [N,C,…] of any rank seen as samples, channels and positions: element (n, c, p) lies at
 * {@code at(n, c) + p·positionStride} in memory order. Rank 4 is channels-last, every other rank
 * channels-first; rank 1 has one channel and one position.
 *
 * @param positions product of the axes behind the channels
 */
record Channels(int samples, int channels, int positions, int channelStride, int positionStride) {
  static Channels of(Elements x) {
    int rank = x.shape().rank();
    int samples = x.extent(0);
    int channels = rank < 2 ? 1 : x.extent(1);
    int positions = x.count() / samples / channels;
    return rank == 4
        ? new Channels(samples, channels, positions, 1, channels)
        : new Channels(samples, channels, positions, positions, 1);
  }

  /** Returns where position 0 of channel {@code c} of sample {@code n} lies. */
  int at(int n, int c) {
    return n * channels * positions + c * channelStride;
  }

  /** Returns the elements of channel {@code c} of all samples. */
  ChannelRun all(int c) {
    return new ChannelRun(this, c, 0, samples);
  }
}
