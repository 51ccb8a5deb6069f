// Batch normalisation of x [N,…,C] in groups of samples (Ioffe and Szegedy 2015):
// y = scale · (x − mean) / √(variance + epsilon) + bias, by the statistics of the batch or by given ones.
//
// Forward, x is read twice and y written once: moments, statistics (small), apply. Backward, x and dy are read twice and
// dx written once: sums, gradients (small), apply. A ReLU behind it costs no pass: forward it is part of apply,
// backward the sign of y is computed again from x, by the same operations and so with the same result.
//
// Statistics are Welford's in each thread, joined pairwise by Chan's formula (Chan, Golub and LeVeque, The American
// Statistician 37, 1983), always in the same order: nothing cancels, however far the mean lies from 0.
#include "channels.cuh"

// --- Forward

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
    byWidth<T>(THE_VIEW, aligned(x), [&]<int N>(Count<N>) { moments<N>(x, partials, THE_VIEW); });                \
  }
FORMATS(MOMENTS)

// The table that apply reads, [groups][3][channels].
struct Coefficients {
  float* table;
  int channels;

  DEVICE float& mean(int group, int channel) const { return table[(long long)group * 3 * channels + channel]; }
  DEVICE float& factor(int group, int channel) const { return table[((long long)group * 3 + 1) * channels + channel]; }
  DEVICE float& bias(int group, int channel) const { return table[((long long)group * 3 + 2) * channels + channel]; }
};

// Joins the partial moments: mean, variance (by the count m) and unbiased variance (by m − 1), and the coefficients.
// Grid (⌈channels / 8⌉, 1, groups), 32 threads a channel. Bytes: partials.
template <typename P>
DEVICE void statistics(const float* __restrict__ partials, const P* scale, const P* bias, P* mean, P* variance, P* unbiased,
                       Coefficients coefficients, const View& view, int parts, float epsilon) {
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
      mean[at] = fromFloat<P>(all.mean);
      variance[at] = fromFloat<P>(spread);
      unbiased[at] = fromFloat<P>(all.squares / (all.count - 1));
      coefficients.mean(group, c) = all.mean;
      coefficients.factor(group, c) = toFloat(scale[c]) / sqrtf(spread + epsilon);
      coefficients.bias(group, c) = toFloat(bias[c]);
    }
  });
}

#define STATISTICS(P, T)                                                                                               \
  ENTRY(batch_norm_statistics_##P)                                                                                     \
  (const float* partials, const T* scale, const T* bias, T* mean, T* variance, T* unbiased, float* coefficients, VIEW, \
   int parts, float epsilon) {                                                                                         \
    statistics(partials, scale, bias, mean, variance, unbiased, Coefficients{coefficients, channels}, THE_VIEW, parts, \
               epsilon);                                                                                               \
  }
FORMATS(STATISTICS)

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
    byWidth<T>(THE_VIEW, aligned(x, y), [&]<int N>(Count<N>) {                                                              \
      apply<NOTHING, N>(x, Coefficients{coefficients, channels}, x, y, THE_VIEW);                            \
    });                                                                                                                \
  }                                                                                         \
  ENTRY(batch_norm_apply_relu_##F)(const T* x, float* coefficients, T* y, VIEW) {                                      \
    byWidth<T>(THE_VIEW, aligned(x, y), [&]<int N>(Count<N>) {                                                              \
      apply<RELU, N>(x, Coefficients{coefficients, channels}, x, y, THE_VIEW);                               \
    });                                                                                                                \
  }                                                                                    \
  ENTRY(batch_norm_apply_add_relu_##F)(const T* x, float* coefficients, const T* addend, T* y, VIEW) {                 \
    byWidth<T>(THE_VIEW, aligned(x, addend, y), [&]<int N>(Count<N>) {                                                      \
      apply<ADD_RELU, N>(x, Coefficients{coefficients, channels}, addend, y, THE_VIEW);                      \
    });                                                                                                                \
  }
FORMATS(APPLY)

// --- Backward

// partials[group][part] = Σ dy and Σ dy · (x − mean) of each channel, dy only where y was positive if RECTIFIED.
// Channel grid; bytes: x + dy.
template <bool RECTIFIED, int N, typename T>
DEVICE void gradSums(const T* __restrict__ x, Coefficients coefficients, const T* __restrict__ dy,
                     float* __restrict__ partials, const View& view) {
  __shared__ float sums[BLOCK * N];
  __shared__ float products[BLOCK * N];
  Tile<N> tile(view);
  float* partial = partials + ((long long)blockIdx.z * gridDim.y + blockIdx.y) * 2 * view.channels;
  forEachBlock(view, tile, [&](int block) {
    if (tile.active(view, block)) {
      Normalisation<N> norm(coefficients, tile.channel(block));
      Floats<N> sum = {};
      Floats<N> product = {};
#pragma unroll (N > 1 ? 4 : 1)
      for (long long row = tile.begin + tile.rowLane; row < tile.end; row += tile.rowLanes) {
        long long at = view.at(row, tile.channel(block));
        auto values = load<N>(x + at);
        auto gradients = load<N>(dy + at);
#pragma unroll
        for (int k = 0; k < N; k++) {
          float gradient = RECTIFIED && !(norm.apply(values[k], k) > 0) ? 0 : gradients[k];
          sum[k] += gradient;
          product[k] += gradient * (values[k] - norm.means[k]);
        }
      }
      int at = (tile.rowLane * tile.lanes + tile.lane) * N;
#pragma unroll
      for (int k = 0; k < N; k++) {
        sums[at + k] = sum[k];
        products[at + k] = product[k];
      }
    }
    __syncthreads();
    for (int c = threadIdx.x; c < tile.channels(view, block); c += BLOCK) {
      float sum = 0;
      float product = 0;
      for (int r = 0; r < tile.rowLanes; r++) {
        sum += sums[r * tile.lanes * N + c];
        product += products[r * tile.lanes * N + c];
      }
      partial[tile.firstChannel(block) + c] = sum;
      partial[view.channels + tile.firstChannel(block) + c] = product;
    }
    __syncthreads();
  });
}

#define GRAD_SUMS(F, T)                                                                                                \
  ENTRY(batch_norm_grad_sums_##F)(const T* x, float* coefficients, const T* dy, float* partials, VIEW) {               \
    byWidth<T>(THE_VIEW, aligned(x, dy), [&]<int N>(Count<N>) {                                                             \
      gradSums<false, N>(x, Coefficients{coefficients, channels}, dy, partials, THE_VIEW);                   \
    });                                                                                                                \
  }                                                                                     \
  ENTRY(batch_norm_relu_grad_sums_##F)(const T* x, float* coefficients, const T* dy, float* partials, VIEW) {          \
    byWidth<T>(THE_VIEW, aligned(x, dy), [&]<int N>(Count<N>) {                                                             \
      gradSums<true, N>(x, Coefficients{coefficients, channels}, dy, partials, THE_VIEW);                    \
    });                                                                                                                \
  }
FORMATS(GRAD_SUMS)

// Joins the partial sums: dscale = Σ dy · (x − mean) / deviation and dbias = Σ dy over all groups, and for each group
// gradients[0] = Σ dy / m and gradients[1] = Σ dy · (x − mean) / deviation² / m, or 0 for constant statistics.
// Grid ⌈channels / 8⌉, 32 threads a channel. Bytes: partials.
template <typename P>
DEVICE void gradients(const float* __restrict__ partials, const P* variance, P* dscale, P* dbias, float* gradients,
                      const View& view, int groups, int parts, float epsilon, bool constantStatistics) {
  forEachJoined(view.channels, [&](int c, bool exists) {
    float scaleGradient = 0;
    float biasGradient = 0;
    for (int group = 0; group < groups; group++) {
      const float* of = partials + (long long)group * parts * 2 * view.channels + c;
      float sum = sumOfParts(of, 2 * view.channels, exists ? parts : 0);
      float product = sumOfParts(of + view.channels, 2 * view.channels, exists ? parts : 0);
      if (isFirstJoiner() && exists) {
        float spread = toFloat(variance[(long long)group * view.channels + c]) + epsilon;
        float rows = (float)view.groupRows(group, groups);
        scaleGradient += product / sqrtf(spread);
        biasGradient += sum;
        float* means = gradients + (long long)group * 2 * view.channels + c;
        means[0] = constantStatistics ? 0 : sum / rows;
        means[view.channels] = constantStatistics ? 0 : product / spread / rows;
      }
    }
    if (isFirstJoiner() && exists) {
      dscale[c] = fromFloat<P>(scaleGradient);
      dbias[c] = fromFloat<P>(biasGradient);
    }
  });
}

#define GRADIENTS(P, T)                                                                                                \
  ENTRY(batch_norm_gradients_##P)                                                                                      \
  (const float* partials, const T* variance, T* dscale, T* dbias, float* gradientTable, VIEW, int groups, int parts,   \
   float epsilon, int constantStatistics) {                                                                            \
    gradients(partials, variance, dscale, dbias, gradientTable, THE_VIEW, groups, parts, epsilon,                      \
              constantStatistics != 0);                                                                                \
  }
FORMATS(GRADIENTS)

// dx = scale/deviation · (dy − gradients[0] − (x − mean) · gradients[1]). Channel grid; bytes: x + dy + dx.
template <bool RECTIFIED, int N, typename T>
DEVICE void gradApply(const T* x, Coefficients coefficients, const float* gradients, const T* dy, T* dx, const View& view) {
  Tile<N> tile(view);
  forEachBlock(view, tile, [&](int block) {
    if (!tile.active(view, block)) return;
    int channel = tile.channel(block);
    Normalisation<N> norm(coefficients, channel);
    Floats<N> sums;
    Floats<N> products;
    const float* of = gradients + (long long)blockIdx.z * 2 * view.channels + channel;
#pragma unroll
    for (int k = 0; k < N; k++) {
      sums[k] = of[k];
      products[k] = of[view.channels + k];
    }
    forEachRows(tile, [&](long long row, int rows) {
      Pack<N, T> values[AHEAD<N>];
      Pack<N, T> gradient[AHEAD<N>];
#pragma unroll
      for (int r = 0; r < AHEAD<N>; r++) {
        if (r < rows) {
          long long at = view.at(row + r * tile.rowLanes, channel);
          values[r] = fetch<N>(x + at);
          gradient[r] = fetch<N>(dy + at);
        }
      }
#pragma unroll
      for (int r = 0; r < AHEAD<N>; r++) {
        if (r < rows) {
          auto result = widen(gradient[r]);
#pragma unroll
          for (int k = 0; k < N; k++) {
            float value = toFloat(values[r].at[k]);
            float g = RECTIFIED && !(norm.apply(value, k) > 0) ? 0 : result[k];
            result[k] = norm.factors[k] * (g - sums[k] - (value - norm.means[k]) * products[k]);
          }
          store(dx + view.at(row + r * tile.rowLanes, channel), result);
        }
      }
    });
  });
}

#define GRAD_APPLY(F, T)                                                                                               \
  ENTRY(batch_norm_grad_apply_##F)                                                                                     \
  (const T* x, float* coefficients, const float* gradients, const T* dy, T* dx, VIEW) {                                \
    byWidth<T>(THE_VIEW, aligned(x, dy, dx), [&]<int N>(Count<N>) {                                                         \
      gradApply<false, N>(x, Coefficients{coefficients, channels}, gradients, dy, dx, THE_VIEW);             \
    });                                                                                                                \
  }                                                                                    \
  ENTRY(batch_norm_relu_grad_apply_##F)                                                                                \
  (const T* x, float* coefficients, const float* gradients, const T* dy, T* dx, VIEW) {                                \
    byWidth<T>(THE_VIEW, aligned(x, dy, dx), [&]<int N>(Count<N>) {                                                         \
      gradApply<true, N>(x, Coefficients{coefficients, channels}, gradients, dy, dx, THE_VIEW);              \
    });                                                                                                                \
  }
FORMATS(GRAD_APPLY)
