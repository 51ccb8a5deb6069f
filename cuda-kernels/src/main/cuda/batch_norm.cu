// Batch normalisation of x [N,…,C] in groups of samples (Ioffe and Szegedy 2015):
// y = scale · (x − mean) / √(variance + epsilon) + bias, by the statistics of the batch or by given ones.
//
// x is read twice and y written once: moments, statistics (small), apply. A ReLU behind it, or the sum with a shortcut and
// a ReLU, is part of apply and costs no pass.
//
// Statistics are Welford's in each thread, joined pairwise by Chan's formula (Chan, Golub and LeVeque, The American
// Statistician 37, 1983), always in the same order: nothing cancels, however far the mean lies from 0.
#include "batch_norm.cuh"

// Count, mean and sum of squared distances from it.
struct Moments {
  float count, mean, squares;

  DEVICE void join(const Moments& other) {
    if (other.count == 0) return;
    float sum = count + other.count;
    float distance = other.mean - mean;
    float share = other.count / sum;
    mean += distance * share;
    squares += other.squares + distance * distance * count * share;
    count = sum;
  }
};

// partials[group][part] = mean and sum of squared distances of each channel. Channel grid; bytes: x.
template <int N, typename T>
DEVICE void moments(const T* __restrict__ x, float* __restrict__ partials, const View& view) {
  __shared__ float means[BLOCK * N];
  __shared__ float squares[BLOCK * N];
  Tile<N> tile(view);
  float* partial = partials + ((long long)blockIdx.z * gridDim.y + blockIdx.y) * 2 * view.channels;
  forEachBlock(view, tile, [&](int block) {
    if (tile.active(view, block)) {
      Floats<N> mean = {};
      Floats<N> square = {};
      float count = 0;
#pragma unroll (N > 1 ? 4 : 1)
      for (long long row = tile.begin + tile.rowLane; row < tile.end; row += tile.rowLanes) {
        auto values = load<N>(x + view.at(row, tile.channel(block)));
        count += 1;
        float share = 1 / count;
#pragma unroll
        for (int k = 0; k < N; k++) {
          float distance = values[k] - mean[k];
          mean[k] += distance * share;
          square[k] += distance * (values[k] - mean[k]);
        }
      }
      int at = (tile.rowLane * tile.lanes + tile.lane) * N;
#pragma unroll
      for (int k = 0; k < N; k++) {
        means[at + k] = mean[k];
        squares[at + k] = square[k];
      }
    }
    __syncthreads();
    for (int c = threadIdx.x; c < tile.channels(view, block); c += BLOCK) {
      Moments all = {(float)tile.rows(0), means[c], squares[c]};
      for (int r = 1; r < tile.rowLanes; r++) {
        int at = r * tile.lanes * N + c;
        all.join(Moments{(float)tile.rows(r), means[at], squares[at]});
      }
      partial[tile.firstChannel(block) + c] = all.mean;
      partial[view.channels + tile.firstChannel(block) + c] = all.squares;
    }
    __syncthreads();
  });
}

#define MOMENTS(F, T)                                                                                                  \
  ENTRY(batch_norm_moments_##F)(const T* x, float* partials, VIEW) {                                                   \
    byWidth<T>(THE_VIEW, aligned(x), [&]<int N>(Count<N>) { moments<N>(x, partials, THE_VIEW); });                     \
  }
FORMATS(MOMENTS)

// Joins the partial moments: mean, variance (by the count m) and unbiased variance (by m − 1), and the coefficients.
// Grid (⌈channels / 8⌉, 1, groups), 32 threads a channel. Bytes: partials.
DEVICE void statistics(const float* __restrict__ partials, const float* scale, const float* bias, float* mean,
                       float* variance, float* unbiased, Coefficients coefficients, const View& view, int parts,
                       float epsilon) {
  int group = blockIdx.z;
  long long rows = view.groupRows(group, gridDim.z);
  forEachJoined(view.channels, [&](int c, bool exists) {
    Moments all = {};
    for (int part = joiner(); exists && part < parts; part += JOINERS) {
      const float* partial = partials + ((long long)group * parts + part) * 2 * view.channels;
      float count = (float)(partBegin(rows, part + 1, parts) - partBegin(rows, part, parts));
      all.join(Moments{count, partial[c], partial[view.channels + c]});
    }
    all = joined(all);
    if (isFirstJoiner() && exists) {
      long long at = (long long)group * view.channels + c;
      float spread = all.squares / all.count;
      mean[at] = all.mean;
      variance[at] = spread;
      unbiased[at] = all.squares / (all.count - 1);
      coefficients.mean(group, c) = all.mean;
      coefficients.factor(group, c) = scale[c] / sqrtf(spread + epsilon);
      coefficients.bias(group, c) = bias[c];
    }
  });
}

ENTRY(batch_norm_statistics)
(const float* partials, const float* scale, const float* bias, float* mean, float* variance, float* unbiased,
 float* coefficients, VIEW, int parts, float epsilon) {
  statistics(partials, scale, bias, mean, variance, unbiased, Coefficients{coefficients, channels}, THE_VIEW, parts,
             epsilon);
}

// The coefficients from given statistics [groups][channels]; bias may be null. Items groups · channels.
#define COEFFICIENTS(P, T)                                                                                             \
  ENTRY(batch_norm_coefficients_##P)                                                                                   \
  (const T* scale, const T* bias, const T* mean, const T* variance, float* coefficients, int channels, int groups,     \
   float epsilon) {                                                                                                    \
    Coefficients table{coefficients, channels};                                                                        \
    for (long long i = gridThread(); i < (long long)groups * channels; i += gridThreads()) {                           \
      int group = (int)(i / channels);                                                                                 \
      int c = (int)(i - (long long)group * channels);                                                                  \
      table.mean(group, c) = toFloat(mean[i]);                                                                         \
      table.factor(group, c) = toFloat(scale[c]) / sqrtf(toFloat(variance[i]) + epsilon);                              \
      table.bias(group, c) = bias == nullptr ? 0 : toFloat(bias[c]);                                                   \
    }                                                                                                                  \
  }
FORMATS(COEFFICIENTS)

enum Behind { NOTHING, RELU, ADD_RELU };

// y = normalised x, or max(that, 0), or max(that + addend, 0). Channel grid; bytes: x (+ addend) + y.
template <Behind BEHIND, int N, typename T>
DEVICE void apply(const T* x, Coefficients coefficients, const T* addend, T* y, const View& view) {
  Tile<N> tile(view);
  forEachBlock(view, tile, [&](int block) {
    if (!tile.active(view, block)) return;
    int channel = tile.channel(block);
    Normalisation<N> norm(coefficients, channel);
    forEachRows(tile, [&](long long row, int rows) {
      Pack<N, T> values[AHEAD<N>];
      Pack<N, T> addends[AHEAD<N>];
#pragma unroll
      for (int r = 0; r < AHEAD<N>; r++) {
        if (r < rows) {
          long long at = view.at(row + r * tile.rowLanes, channel);
          values[r] = fetch<N>(x + at);
          if constexpr (BEHIND == ADD_RELU) addends[r] = fetch<N>(addend + at);
        }
      }
#pragma unroll
      for (int r = 0; r < AHEAD<N>; r++) {
        if (r < rows) {
          auto result = widen(values[r]);
#pragma unroll
          for (int k = 0; k < N; k++) {
            result[k] = norm.apply(result[k], k);
            if constexpr (BEHIND == ADD_RELU) result[k] += toFloat(addends[r].at[k]);
            if constexpr (BEHIND != NOTHING) result[k] = result[k] < 0 ? 0 : result[k];
          }
          store(y + view.at(row + r * tile.rowLanes, channel), result);
        }
      }
    });
  });
}

#define APPLY(F, T)                                                                                                    \
  ENTRY(batch_norm_apply_##F)(const T* x, float* coefficients, T* y, VIEW) {                                           \
    byWidth<T>(THE_VIEW, aligned(x, y), [&]<int N>(Count<N>) {                                                         \
      apply<NOTHING, N>(x, Coefficients{coefficients, channels}, x, y, THE_VIEW);                                      \
    });                                                                                                                \
  }                                                                                                                    \
  ENTRY(batch_norm_apply_relu_##F)(const T* x, float* coefficients, T* y, VIEW) {                                      \
    byWidth<T>(THE_VIEW, aligned(x, y), [&]<int N>(Count<N>) {                                                         \
      apply<RELU, N>(x, Coefficients{coefficients, channels}, x, y, THE_VIEW);                                         \
    });                                                                                                                \
  }                                                                                                                    \
  ENTRY(batch_norm_apply_add_relu_##F)(const T* x, float* coefficients, const T* addend, T* y, VIEW) {                 \
    byWidth<T>(THE_VIEW, aligned(x, addend, y), [&]<int N>(Count<N>) {                                                 \
      apply<ADD_RELU, N>(x, Coefficients{coefficients, channels}, addend, y, THE_VIEW);                                \
    });                                                                                                                \
  }
FORMATS(APPLY)
