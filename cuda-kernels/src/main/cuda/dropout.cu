// Inverted dropout (Srivastava et al. 2014): y = x · scale where the element is kept, else 0; scale = 1/(1 − rate).
// The gradient is the same operation on dy, so nothing is saved.
//
// Element e, counted row-major over the whole batch in logical order (sample, channel, position), is kept where its
// 32 random bits are at least `threshold` = ⌈rate · 2³²⌉. Memory is [N,positions,channels]; where it is row-major
// itself, channels is 1 and positions n.
//
// Launch: items n / E. In place: y may lie over x. Bytes: x + y.
#include "philox.cuh"

struct Mask {
  unsigned long long seed;
  unsigned int purpose, step;
  unsigned long long threshold;

  DEVICE bool keeps(const Philox& bits, int i) const { return bits.word[i] >= threshold; }
  DEVICE Philox bits(long long element) const { return Philox(seed, purpose, step, (unsigned long long)element / 4); }
};

// Memory in logical order: a thread's 16 bytes are whole blocks of four random numbers.
template <typename T>
DEVICE void dropoutRuns(const T* x, T* y, long long n, long long first, const Mask& mask, float scale) {
  forEach<T>(n, aligned(x, y) && first % 4 == 0, [&]<int N>(Count<N>, long long i) {
    auto values = load<N>(x + i);
    if constexpr (N == 1) {
      values[0] = mask.keeps(mask.bits(first + i), (int)((first + i) % 4)) ? values[0] * scale : 0;
    } else {
#pragma unroll
      for (int k = 0; k < N; k += 4) {
        Philox bits = mask.bits(first + i + k);
#pragma unroll
        for (int j = 0; j < 4; j++) values[k + j] = mask.keeps(bits, j) ? values[k + j] * scale : 0;
      }
    }
    store(y + i, values);
  });
}

// Channels last: neighbouring threads take neighbouring channels, and each of them the positions of one block of four
// random numbers, of which the first and the last of a channel may lie partly outside it.
template <typename T>
DEVICE void dropoutBlocks(const T* x, T* y, long long n, long long channels, long long positions, long long first,
                          const Mask& mask, float scale) {
  long long blocks = positions / 4 + 2;
  long long samples = n / (channels * positions);
  for (long long i = gridThread(); i < samples * blocks * channels; i += gridThreads()) {
    long long rest = i / channels;
    long long channel = i - rest * channels;
    long long sample = rest / blocks;
    long long begin = first + (sample * channels + channel) * positions;
    long long element = (begin / 4 + (rest - sample * blocks)) * 4;
    if (element >= begin + positions) continue;
    Philox bits = mask.bits(element);
#pragma unroll
    for (int j = 0; j < 4; j++) {
      long long position = element + j - begin;
      if (position >= 0 && position < positions) {
        long long at = (sample * positions + position) * channels + channel;
        y[at] = fromFloat<T>(mask.keeps(bits, j) ? toFloat(x[at]) * scale : 0);
      }
    }
  }
}

#define DROPOUT(F, T)                                                                                                  \
  ENTRY(dropout_##F)                                                                                                   \
  (const T* x, const long long* step, T* y, long long n, long long channels, long long positions,                      \
   long long firstElement, long long threshold, long long seed, int purpose, float scale) {                            \
    Mask mask{(unsigned long long)seed, (unsigned int)purpose, (unsigned int)*step, (unsigned long long)threshold};    \
    if (channels == 1 || positions == 1) {                                                                             \
      dropoutRuns(x, y, n, firstElement, mask, scale);                                                                 \
    } else {                                                                                                           \
      dropoutBlocks(x, y, n, channels, positions, firstElement, mask, scale);                                          \
    }                                                                                                                  \
  }
FORMATS(DROPOUT)
