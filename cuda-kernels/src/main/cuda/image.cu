// Images of bytes as the network sees them, channels last.
//
// Launch: items n / E. Bytes: x + y.
#include "common.cuh"

// y[i] = table[channel][x[i]]; table: float32 [channels][256], what each byte becomes.
template <typename T>
DEVICE void normalize(const unsigned char* x, const float* table, T* y, long long n, int channels) {
  forEach<T>(n, aligned(x, y), [&]<int N>(Count<N>, long long at) {
    Pack<N, unsigned char> bytes = fetch<N>(x + at);
    Floats<N> values;
    int channel = (int)(at % channels);
#pragma unroll
    for (int k = 0; k < N; k++) {
      values[k] = table[channel * 256 + bytes.at[k]];
      channel = channel + 1 == channels ? 0 : channel + 1;
    }
    store(y + at, values);
  });
}

#define NORMALIZE_BYTES(F, T)                                                                                          \
  ENTRY(normalize_bytes_##F)                                                                                           \
  (const unsigned char* x, const float* table, T* y, long long n, int channels) { normalize(x, table, y, n, channels); }
FORMATS(NORMALIZE_BYTES)
