// One number a channel added to x [N,C,…]: y = x + bias[c]; what a convolution is followed by.
//
// Launch: items n / E. In place: y may lie over x. Bytes: x + y; the bias stays in the caches.
#include "common.cuh"

template <typename T, typename F>
DEVICE void biased(const T* x, const T* bias, T* y, long long n, long long channels, long long channelStep, F f) {
  bool wide = aligned(x, bias, y) && channelStep == 1 && channels % WIDTH<T> == 0;
  forEach<T>(n, wide, [&]<int N>(Count<N>, long long i) {
    auto values = load<N>(x + i);
    auto biases = load<N>(bias + i / channelStep % channels);
#pragma unroll
    for (int k = 0; k < N; k++) values[k] = f(values[k] + biases[k]);
    store(y + i, values);
  });
}

#define BIAS_ADD(F, T)                                                                                                 \
  ENTRY(bias_add_##F)                                                                                                  \
  (const T* x, const T* bias, T* y, long long n, long long channels, long long channelStep) {                          \
    biased(x, bias, y, n, channels, channelStep, [](float sum) { return sum; });                                       \
  }
FORMATS(BIAS_ADD)

// y = max(x + bias[c], 0)
#define BIAS_ADD_RELU(F, T)                                                                                            \
  ENTRY(bias_add_relu_##F)                                                                                             \
  (const T* x, const T* bias, T* y, long long n, long long channels, long long channelStep) {                          \
    biased(x, bias, y, n, channels, channelStep, [](float sum) { return sum < 0 ? 0 : sum; });                         \
  }
FORMATS(BIAS_ADD_RELU)
