// Sums over axes, and sums over the rows of each channel (gradients of biases, global means).
#include "channels.cuh"

// Four extents and the steps of x along them.
struct Box {
  long long extent0, extent1, extent2, extent3;
  long long step0, step1, step2, step3;

  DEVICE long long size() const { return extent0 * extent1 * extent2 * extent3; }

  // The memory index of element i of the box, counted row-major.
  DEVICE long long at(long long i) const {
    long long rest = i / extent3;
    long long index = (i - rest * extent3) * step3;
    i = rest;
    rest = i / extent2;
    index += (i - rest * extent2) * step2;
    i = rest;
    rest = i / extent1;
    index += (i - rest * extent1) * step1;
    return index + rest * step0;
  }
};

// Sums longer than this are a block's work.
constexpr int LONG_SUM = 1024;

// y [kept] = factor · Σ x over `reduced`. As many threads as a sum has terms, up to a warp, or a block for long ones.
// Items outputs · min(32, terms) if terms ≤ 1024, else 256 · outputs. Bytes: x + y.
template <typename T>
DEVICE void reduce(const T* __restrict__ x, T* __restrict__ y, const Box& kept, const Box& reduced, float factor) {
  long long outputs = kept.size();
  long long terms = reduced.size();
  if (terms > LONG_SUM) {
    for (long long i = blockIdx.x; i < outputs; i += gridDim.x) {
      long long from = kept.at(i);
      float sum = 0;
#pragma unroll 2
      for (long long j = threadIdx.x; j < terms; j += BLOCK) sum += toFloat(x[from + reduced.at(j)]);
      sum = blockReduce<Sum>(sum);
      if (threadIdx.x == 0) y[i] = fromFloat<T>(factor * sum);
    }
    return;
  }
  int lanes = 1;
  while (lanes < WARP && lanes < terms) lanes *= 2;
  long long teams = gridThreads() / lanes;
  int rank = threadIdx.x % lanes;
  // All threads of a warp come along to the exchange, whether they have an output or not.
  for (long long first = 0; first < outputs; first += teams) {
    long long i = first + gridThread() / lanes;
    float sum = 0;
    if (i < outputs) {
      long long from = kept.at(i);
#pragma unroll 2
      for (long long j = rank; j < terms; j += lanes) sum += toFloat(x[from + reduced.at(j)]);
    }
    sum = warpReduce<Sum>(sum, lanes);
    if (rank == 0 && i < outputs) y[i] = fromFloat<T>(factor * sum);
  }
}

#define REDUCE(F, T)                                                                                                   \
  ENTRY(reduce_##F)                                                                                                    \
  (const T* x, T* y, long long k0, long long k1, long long k2, long long k3, long long u0, long long u1,               \
   long long u2, long long u3, long long r0, long long r1, long long r2, long long r3, long long v0, long long v1,     \
   long long v2, long long v3, float factor) {                                                                         \
    reduce(x, y, Box{k0, k1, k2, k3, u0, u1, u2, u3}, Box{r0, r1, r2, r3, v0, v1, v2, v3}, factor);                    \
  }
FORMATS(REDUCE)

// partials[group][part] = Σ x over the rows, channel by channel. Channel grid; bytes: x.
template <int N, typename T>
DEVICE void channelSums(const T* __restrict__ x, float* __restrict__ partials, const View& view) {
  __shared__ float sums[BLOCK * N];
  Tile<N> tile(view);
  float* partial = partials + ((long long)blockIdx.z * gridDim.y + blockIdx.y) * view.channels;
  forEachBlock(view, tile, [&](int block) {
    if (tile.active(view, block)) {
      Floats<N> sum = {};
#pragma unroll (N > 1 ? 4 : 1)
      for (long long row = tile.begin + tile.rowLane; row < tile.end; row += tile.rowLanes) {
        auto values = load<N>(x + view.at(row, tile.channel(block)));
#pragma unroll
        for (int k = 0; k < N; k++) sum[k] += values[k];
      }
#pragma unroll
      for (int k = 0; k < N; k++) sums[(tile.rowLane * tile.lanes + tile.lane) * N + k] = sum[k];
    }
    __syncthreads();
    for (int c = threadIdx.x; c < tile.channels(view, block); c += BLOCK) {
      float sum = 0;
      for (int r = 0; r < tile.rowLanes; r++) sum += sums[r * tile.lanes * N + c];
      partial[tile.firstChannel(block) + c] = sum;
    }
    __syncthreads();
  });
}

#define CHANNEL_SUMS(F, T)                                                                                             \
  ENTRY(channel_sums_##F)(const T* x, float* partials, VIEW) {                                                         \
    byWidth<T>(THE_VIEW, aligned(x), [&]<int N>(Count<N>) { channelSums<N>(x, partials, THE_VIEW); });                 \
  }
FORMATS(CHANNEL_SUMS)

// y [groups][channels] = factor · the parts' sums. Grid (⌈channels / 8⌉, 1, groups), 32 threads a channel.
// Bytes: partials.
#define CHANNEL_SUMS_JOIN(F, T)                                                                                        \
  ENTRY(channel_sums_join_##F)(const float* partials, T* y, int parts, int channels, float factor) {                   \
    const float* of = partials + (long long)blockIdx.z * parts * channels;                                             \
    forEachJoined(channels, [&](int c, bool exists) {                                                                  \
      float sum = sumOfParts(of + c, channels, exists ? parts : 0);                                                    \
      if (isFirstJoiner() && exists) y[(long long)blockIdx.z * channels + c] = fromFloat<T>(factor * sum);             \
    });                                                                                                                \
  }
FORMATS(CHANNEL_SUMS_JOIN)
