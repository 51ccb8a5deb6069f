// What batch normalisation shares forward and backward: the table of coefficients and the walk down the rows.
#pragma once
#include "channels.cuh"

// The table that apply reads, float32 [groups][3][channels]: mean, scale/deviation and bias.
struct Coefficients {
  float* table;
  int channels;

  DEVICE float& mean(int group, int channel) const { return table[(long long)group * 3 * channels + channel]; }
  DEVICE float& factor(int group, int channel) const { return table[((long long)group * 3 + 1) * channels + channel]; }
  DEVICE float& bias(int group, int channel) const { return table[((long long)group * 3 + 2) * channels + channel]; }
};

// The constants of a thread's N channels.
template <int N>
struct Normalisation {
  Floats<N> means, factors, biases;

  DEVICE Normalisation(const Coefficients& table, int channel) {
#pragma unroll
    for (int k = 0; k < N; k++) {
      means[k] = table.mean(blockIdx.z, channel + k);
      factors[k] = table.factor(blockIdx.z, channel + k);
      biases[k] = table.bias(blockIdx.z, channel + k);
    }
  }

  // y of channel k; one rounding a step, so that forward and backward agree to the bit.
  DEVICE float apply(float x, int k) const { return fmaf(x - means[k], factors[k], biases[k]); }
};

// Rows that a thread reads before it writes the first, so that enough bytes are under way though y may lie over x.
template <int N>
constexpr int AHEAD = N > 1 ? 4 : 1;

// Calls body(row indices, count) for up to AHEAD rows of this thread at a time.
template <int N, typename Body>
DEVICE void forEachRows(const Tile<N>& tile, Body body) {
  long long stride = tile.rowLanes;
#pragma unroll 1
  for (long long row = tile.begin + tile.rowLane; row < tile.end; row += stride * AHEAD<N>) {
    body(row, (int)min((long long)AHEAD<N>, (tile.end - row + stride - 1) / stride));
  }
}
