// One number a channel added to x [N,C,…]: y = x + bias[c]; what a convolution is followed by.
//
// The bias is float32 for all formats. Launch: items n / E. In place: y may lie over x. Bytes: x + y; the bias stays in the caches.
#include "common.cuh"

// N neighbours of a bias that is aligned to 16 bytes where N is more than 1.
template <int N>
DEVICE Floats<N> loadBias(const float* from) {
  if constexpr (N == 8) {
    auto low = load<4>(from);
    auto high = load<4>(from + 4);
    return {low[0], low[1], low[2], low[3], high[0], high[1], high[2], high[3]};
  } else {
    return load<N>(from);
  }
}

template <typename T, typename F>
DEVICE void biased(const T* x, const float* bias, T* y, long long n, long long channels, long long channelStep, F f) {
  bool wide = aligned(x, bias, y) && channelStep == 1 && channels % WIDTH<T> == 0;
  forEach<T>(n, wide, [&]<int N>(Count<N>, long long i) {
    auto values = load<N>(x + i);
    auto biases = loadBias<N>(bias + i / channelStep % channels);
#pragma unroll
    for (int k = 0; k < N; k++) values[k] = f(values[k] + biases[k]);
    store(y + i, values);
  });
}

#define BIAS_ADD(F, T)                                                                                                 \
  ENTRY(bias_add_##F)                                                                                                  \
  (const T* x, const float* bias, T* y, long long n, long long channels, long long channelStep) {                          \
    biased(x, bias, y, n, channels, channelStep, [](float sum) { return sum; });                                       \
  }
FORMATS(BIAS_ADD)

// y = max(x + bias[c], 0)
#define BIAS_ADD_RELU(F, T)                                                                                            \
  ENTRY(bias_add_relu_##F)                                                                                             \
  (const T* x, const float* bias, T* y, long long n, long long channels, long long channelStep) {                          \
    biased(x, bias, y, n, channels, channelStep, [](float sum) { return sum < 0 ? 0 : sum; });                         \
  }
FORMATS(BIAS_ADD_RELU)
