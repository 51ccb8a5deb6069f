// Gradient of batch normalisation, by the statistics of the batch or by constant ones, and of the ReLU behind it.
//
// x and dy are read twice and dx written once: sums, gradients (small), apply. Where a ReLU is behind, the sign of y is
// computed again from x, by the operations of the forward pass and so with the same result: nothing is saved for it but the
// table of coefficients. Where a sum and a ReLU are behind, the first pass reads y and writes what the second reads for dy.
#include "batch_norm.cuh"

// What a thread has summed for its channels: Σ g and Σ g · (x − mean).
template <int N>
struct GradSums {
  Floats<N> gradients = {};
  Floats<N> products = {};

  DEVICE void add(int k, float gradient, float centred) {
    gradients[k] += gradient;
    products[k] += gradient * centred;
  }
};

// Writes what the threads of a block have summed for channel block `block`, added up in order, to its partial sums.
template <int N>
DEVICE void joinRows(const GradSums<N>& own, const Tile<N>& tile, const View& view, int block, float* partials) {
  __shared__ float gradients[BLOCK * N];
  __shared__ float products[BLOCK * N];
  float* partial = partials + ((long long)blockIdx.z * gridDim.y + blockIdx.y) * 2 * view.channels;
  if (tile.active(view, block)) {
    int at = (tile.rowLane * tile.lanes + tile.lane) * N;
#pragma unroll
    for (int k = 0; k < N; k++) {
      gradients[at + k] = own.gradients[k];
      products[at + k] = own.products[k];
    }
  }
  __syncthreads();
  for (int c = threadIdx.x; c < tile.channels(view, block); c += BLOCK) {
    float sum = 0;
    float product = 0;
    for (int r = 0; r < tile.rowLanes; r++) {
      sum += gradients[r * tile.lanes * N + c];
      product += products[r * tile.lanes * N + c];
    }
    partial[tile.firstChannel(block) + c] = sum;
    partial[view.channels + tile.firstChannel(block) + c] = product;
  }
  __syncthreads();
}

// partials[group][part] = Σ dy and Σ dy · (x − mean) of each channel, dy only where y was positive if RECTIFIED.
// Channel grid; bytes: x + dy.
template <bool RECTIFIED, int N, typename T>
DEVICE void gradSums(const T* __restrict__ x, Coefficients coefficients, const T* __restrict__ dy,
                     float* __restrict__ partials, const View& view) {
  Tile<N> tile(view);
  forEachBlock(view, tile, [&](int block) {
    GradSums<N> sums;
    if (tile.active(view, block)) {
      Normalisation<N> norm(coefficients, tile.channel(block));
#pragma unroll (N > 1 ? 4 : 1)
      for (long long row = tile.begin + tile.rowLane; row < tile.end; row += tile.rowLanes) {
        long long at = view.at(row, tile.channel(block));
        auto values = load<N>(x + at);
        auto gradients = load<N>(dy + at);
#pragma unroll
        for (int k = 0; k < N; k++) {
          float gradient = RECTIFIED && !(norm.apply(values[k], k) > 0) ? 0 : gradients[k];
          sums.add(k, gradient, values[k] - norm.means[k]);
        }
      }
    }
    joinRows(sums, tile, view, block, partials);
  });
}

// The same behind a sum that was rectified: d = dy where y is positive, else 0, is the gradient of both that were added, and
// is written for the other one. d may lie over y or dy. Channel grid; bytes: x + y + dy + d.
template <int N, typename T>
DEVICE void maskedSums(const T* x, Coefficients coefficients, const T* y, const T* dy, T* d, float* partials,
                       const View& view) {
  Tile<N> tile(view);
  forEachBlock(view, tile, [&](int block) {
    GradSums<N> sums;
    if (tile.active(view, block)) {
      int channel = tile.channel(block);
      Normalisation<N> norm(coefficients, channel);
      forEachRows(tile, [&](long long row, int rows) {
        Pack<N, T> values[AHEAD<N>];
        Pack<N, T> results[AHEAD<N>];
        Pack<N, T> gradients[AHEAD<N>];
#pragma unroll
        for (int r = 0; r < AHEAD<N>; r++) {
          if (r < rows) {
            long long at = view.at(row + r * tile.rowLanes, channel);
            values[r] = fetch<N>(x + at);
            results[r] = fetch<N>(y + at);
            gradients[r] = fetch<N>(dy + at);
          }
        }
#pragma unroll
        for (int r = 0; r < AHEAD<N>; r++) {
          if (r < rows) {
            auto masked = widen(gradients[r]);
#pragma unroll
            for (int k = 0; k < N; k++) {
              masked[k] = toFloat(results[r].at[k]) > 0 ? masked[k] : 0;
              sums.add(k, masked[k], toFloat(values[r].at[k]) - norm.means[k]);
            }
            store(d + view.at(row + r * tile.rowLanes, channel), masked);
          }
        }
      });
    }
    joinRows(sums, tile, view, block, partials);
  });
}

#define GRAD_SUMS(F, T)                                                                                                \
  ENTRY(batch_norm_grad_sums_##F)(const T* x, float* coefficients, const T* dy, float* partials, VIEW) {               \
    byWidth<T>(THE_VIEW, aligned(x, dy), [&]<int N>(Count<N>) {                                                        \
      gradSums<false, N>(x, Coefficients{coefficients, channels}, dy, partials, THE_VIEW);                             \
    });                                                                                                                \
  }                                                                                                                    \
  ENTRY(batch_norm_relu_grad_sums_##F)(const T* x, float* coefficients, const T* dy, float* partials, VIEW) {          \
    byWidth<T>(THE_VIEW, aligned(x, dy), [&]<int N>(Count<N>) {                                                        \
      gradSums<true, N>(x, Coefficients{coefficients, channels}, dy, partials, THE_VIEW);                              \
    });                                                                                                                \
  }                                                                                                                    \
  ENTRY(batch_norm_add_relu_grad_sums_##F)                                                                             \
  (const T* x, float* coefficients, const T* y, const T* dy, T* d, float* partials, VIEW) {                            \
    byWidth<T>(THE_VIEW, aligned(x, y, dy, d), [&]<int N>(Count<N>) {                                                  \
      maskedSums<N>(x, Coefficients{coefficients, channels}, y, dy, d, partials, THE_VIEW);                            \
    });                                                                                                                \
  }
FORMATS(GRAD_SUMS)

// Joins the partial sums: dscale = Σ dy · (x − mean) / deviation and dbias = Σ dy over all groups, and for each group
// gradients[0] = Σ dy / m and gradients[1] = Σ dy · (x − mean) / deviation² / m, or 0 for constant statistics.
// Grid ⌈channels / 8⌉, 32 threads a channel. Bytes: partials.
DEVICE void gradients(const float* __restrict__ partials, const float* variance, float* dscale, float* dbias,
                      float* gradients, const View& view, int groups, int parts, float epsilon, bool constantStatistics) {
  forEachJoined(view.channels, [&](int c, bool exists) {
    float scaleGradient = 0;
    float biasGradient = 0;
    for (int group = 0; group < groups; group++) {
      const float* of = partials + (long long)group * parts * 2 * view.channels + c;
      float sum = sumOfParts(of, 2 * view.channels, exists ? parts : 0);
      float product = sumOfParts(of + view.channels, 2 * view.channels, exists ? parts : 0);
      if (isFirstJoiner() && exists) {
        float spread = variance[(long long)group * view.channels + c] + epsilon;
        float rows = (float)view.groupRows(group, groups);
        scaleGradient += product / sqrtf(spread);
        biasGradient += sum;
        float* means = gradients + (long long)group * 2 * view.channels + c;
        means[0] = constantStatistics ? 0 : sum / rows;
        means[view.channels] = constantStatistics ? 0 : product / spread / rows;
      }
    }
    if (isFirstJoiner() && exists) {
      dscale[c] = scaleGradient;
      dbias[c] = biasGradient;
    }
  });
}

ENTRY(batch_norm_gradients)
(const float* partials, const float* variance, float* dscale, float* dbias, float* gradientTable, VIEW, int groups,
 int parts, float epsilon, int constantStatistics) {
  gradients(partials, variance, dscale, dbias, gradientTable, THE_VIEW, groups, parts, epsilon, constantStatistics != 0);
}

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
    byWidth<T>(THE_VIEW, aligned(x, dy, dx), [&]<int N>(Count<N>) {                                                    \
      gradApply<false, N>(x, Coefficients{coefficients, channels}, gradients, dy, dx, THE_VIEW);                       \
    });                                                                                                                \
  }                                                                                                                    \
  ENTRY(batch_norm_relu_grad_apply_##F)                                                                                \
  (const T* x, float* coefficients, const float* gradients, const T* dy, T* dx, VIEW) {                                \
    byWidth<T>(THE_VIEW, aligned(x, dy, dx), [&]<int N>(Count<N>) {                                                    \
      gradApply<true, N>(x, Coefficients{coefficients, channels}, gradients, dy, dx, THE_VIEW);                        \
    });                                                                                                                \
  }
FORMATS(GRAD_APPLY)
