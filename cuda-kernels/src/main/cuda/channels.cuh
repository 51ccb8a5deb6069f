// Kernels that work channel by channel on x, seen as rows × channels: sums over rows, and what uses them.
//
// A block covers `lanes` neighbouring vectors of channels and one part of the rows of one group, on a grid of
// (channel blocks, parts, groups). Its threads are a matrix of lanes × row lanes: neighbouring threads read neighbouring
// 16 bytes, a warp at most 512, and each thread keeps its channels, whose constants stay in registers, and walks down the
// rows. Wider blocks would need more parts to fill the GPU, and so more partial results.
#pragma once
#include "common.cuh"

// How x [samples,…] lies in memory; channelStep is the distance between neighbouring channels: 1 where they come last.
struct View {
  long long samples, rowsPerSample;
  int channels;
  long long channelStep;

  // The memory index of channel `channel` of row `row`.
  DEVICE long long at(long long row, int channel) const {
    if (channelStep == 1) return row * channels + channel;
    long long outer = row / channelStep;
    return (outer * channels + channel) * channelStep + (row - outer * channelStep);
  }

  // The first row of group `group` of `groups`.
  DEVICE long long groupBegin(int group, int groups) const { return samples * group / groups * rowsPerSample; }

  // The rows of a group.
  DEVICE long long groupRows(int group, int groups) const {
    return groupBegin(group + 1, groups) - groupBegin(group, groups);
  }
};

#define VIEW long long samples, long long rowsPerSample, int channels, long long channelStep
#define THE_VIEW (View{samples, rowsPerSample, channels, channelStep})

// The first row of part `part` of `parts` of `rows` rows.
DEVICE long long partBegin(long long rows, int part, int parts) { return rows * part / parts; }

// What one thread of a channel kernel works on, with N channels a thread.
template <int N>
struct Tile {
  int lanes, rowLanes;
  int lane, rowLane;
  long long begin, end;

  DEVICE explicit Tile(const View& view) {
    lanes = min(view.channels / N, WARP);
    rowLanes = BLOCK / lanes;
    lane = threadIdx.x % lanes;
    rowLane = threadIdx.x / lanes;
    long long first = view.groupBegin(blockIdx.z, gridDim.z);
    long long rows = view.groupRows(blockIdx.z, gridDim.z);
    begin = first + partBegin(rows, blockIdx.y, gridDim.y);
    end = first + partBegin(rows, blockIdx.y + 1, gridDim.y);
  }

  // The first channel of block `block` of this tile.
  DEVICE int firstChannel(int block) const { return block * lanes * N; }

  // Channels of block `block`, which may be the last.
  DEVICE int channels(const View& view, int block) const { return min(lanes * N, view.channels - firstChannel(block)); }

  // This thread's first channel in block `block`.
  DEVICE int channel(int block) const { return firstChannel(block) + lane * N; }

  // Whether this thread has channels in block `block`; the last threads of a block may be left over.
  DEVICE bool active(const View& view, int block) const { return rowLane < rowLanes && channel(block) < view.channels; }

  // The rows that the threads of row lane `of` walk.
  DEVICE int rows(int of) const {
    long long all = end - begin;
    return all > of ? (int)((all - of + rowLanes - 1) / rowLanes) : 0;
  }
};

// Calls body(Count) with the channels a thread: those of 16 bytes if they divide, else one.
template <typename T, typename Body>
DEVICE void byWidth(const View& view, bool wide, Body body) {
  if (wide && view.channelStep == 1 && view.channels % WIDTH<T> == 0) {
    body(Count<WIDTH<T>>{});
  } else {
    body(Count<1>{});
  }
}

// Calls body(block) for each block of channels that falls to this thread block.
template <int N, typename Body>
DEVICE void forEachBlock(const View& view, const Tile<N>& tile, Body body) {
  for (int block = blockIdx.x; tile.firstChannel(block) < view.channels; block += gridDim.x) body(block);
}

// Threads that join the parts of one channel.
constexpr int JOINERS = 32;
// Channels a block joins side by side.
constexpr int JOINED = BLOCK / JOINERS;

// This thread among those that join one channel.
DEVICE int joiner() { return threadIdx.x / JOINED; }
DEVICE bool isFirstJoiner() { return joiner() == 0; }

// Calls body(channel, whether there is such a channel) with JOINERS threads a channel, all threads of the block together.
template <typename Body>
DEVICE void forEachJoined(int channels, Body body) {
  for (int first = blockIdx.x * JOINED; first < channels; first += gridDim.x * JOINED) {
    int c = first + threadIdx.x % JOINED;
    body(c, c < channels);
  }
}

// Joins what the threads of each channel have, pairwise; the first joiner gets the result. T has join(other).
template <typename T>
DEVICE T joined(const T& own) {
  __shared__ T all[JOINERS][JOINED];
  int lane = threadIdx.x % JOINED;
  __syncthreads();
  all[joiner()][lane] = own;
  __syncthreads();
  for (int half = JOINERS / 2; half > 0; half /= 2) {
    if (joiner() < half) all[joiner()][lane].join(all[joiner() + half][lane]);
    __syncthreads();
  }
  return all[0][lane];
}

struct PartSum {
  float sum;

  DEVICE void join(const PartSum& other) { sum += other.sum; }
};

// Σ from[part · step] over the parts, by the joiners of a channel.
DEVICE float sumOfParts(const float* from, long long step, int parts) {
  PartSum own = {};
  for (int part = joiner(); part < parts; part += JOINERS) own.sum += from[part * step];
  return joined(own).sum;
}
