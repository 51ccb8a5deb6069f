// Pooling of x [N,H,W,C] to y [N,H',W',C]: maximum, mean and adaptive mean, and their gradients.
//
// Each thread computes 16 bytes of neighbouring channels of one position, so that every tap is one coalesced access;
// where windows overlap, the caches serve all reads but the first. The gradients gather: each element of dx collects
// from the windows that cover it, in fixed order and in float32, without a pass that clears dx.
//
// Launch: items = elements of the result / E.
#include "common.cuh"

// A window sliding along one axis; see io.ventral.tensor.WindowAxis.
struct Axis {
  int in, out, kernel, stride, padBefore, dilation;

  // The input position of tap 0 of window i.
  DEVICE int first(int i) const { return i * stride - padBefore; }

  // The taps of window i inside the input: from the first up to the end, not included.
  DEVICE int firstTap(int i) const { return first(i) >= 0 ? 0 : (dilation - 1 - first(i)) / dilation; }
  DEVICE int endTap(int i) const { return min(kernel, (in - first(i) + dilation - 1) / dilation); }

  // The first window that may cover position `at`, and the window after the last.
  DEVICE int firstWindow(int at) const {
    int behind = at + padBefore - dilation * (kernel - 1);
    return behind <= 0 ? 0 : (behind + stride - 1) / stride;
  }
  DEVICE int endWindow(int at) const { return min((at + padBefore) / stride + 1, out); }

  // The tap of window i, one of these, that lies on position `at`; −1 if dilation leaves it out.
  DEVICE int tap(int i, int at) const {
    int distance = at - first(i);
    if (dilation == 1) return distance;
    return distance % dilation == 0 ? distance / dilation : -1;
  }
};

// One position of an image [samples, height, width, channels] and its first channel, from the index of a pack.
struct Position {
  long long sample;
  int h, w, channel;

  DEVICE Position(long long pack, int height, int width, int packs, int size) {
    long long rest = pack / packs;
    channel = (int)(pack - rest * packs) * size;
    long long row = rest / width;
    w = (int)(rest - row * width);
    sample = row / height;
    h = (int)(row - sample * height);
  }
};

// Calls body(Count, position, element index) for every 16 bytes of channels, or for every element where channels do not
// divide.
template <typename T, typename Body>
DEVICE void forEachPosition(long long samples, int height, int width, int channels, bool wide, Body body) {
  long long positions = samples * height * width;
  if (wide && channels % WIDTH<T> == 0) {
    int packs = channels / WIDTH<T>;
#pragma unroll 1
    for (long long i = gridThread(); i < positions * packs; i += gridThreads()) {
      body(Count<WIDTH<T>>{}, Position(i, height, width, packs, WIDTH<T>), i * WIDTH<T>);
    }
  } else {
#pragma unroll 1
    for (long long i = gridThread(); i < positions * channels; i += gridThreads()) {
      body(Count<1>{}, Position(i, height, width, channels, 1), i);
    }
  }
}

// y = max x over the taps inside x, and which tap that was: of equal ones the first, a NaN before every number.
// Bytes: x + y + one or two a winner.
template <typename T, typename Tap>
DEVICE void maxPool(const T* __restrict__ x, T* __restrict__ y, Tap* __restrict__ winners, long long samples,
                    int channels, Axis vertical, Axis horizontal) {
  bool wide = aligned(x, y, winners);
  forEachPosition<T>(samples, vertical.out, horizontal.out, channels, wide, [&]<int N>(Count<N>, Position at, long long i) {
    Floats<N> best;
    Pack<N, Tap> winner;
#pragma unroll
    for (int k = 0; k < N; k++) {
      best[k] = Max::neutral();
      winner.at[k] = (Tap)-1;
    }
    int left = horizontal.firstTap(at.w);
    int right = horizontal.endTap(at.w);
    for (int r = vertical.firstTap(at.h); r < vertical.endTap(at.h); r++) {
      long long row = (at.sample * vertical.in + vertical.first(at.h) + r * vertical.dilation) * horizontal.in;
#pragma unroll 1
      for (int s = left; s < right; s++) {
        long long from = (row + horizontal.first(at.w) + s * horizontal.dilation) * channels + at.channel;
        auto values = load<N>(x + from);
        Tap tap = (Tap)(r * horizontal.kernel + s);
#pragma unroll
        for (int k = 0; k < N; k++) {
          bool better = winner.at[k] == (Tap)-1 || values[k] > best[k] || (values[k] != values[k] && best[k] == best[k]);
          best[k] = better ? values[k] : best[k];
          winner.at[k] = better ? tap : winner.at[k];
        }
      }
    }
    store(y + i, best);
    *reinterpret_cast<Pack<N, Tap>*>(winners + i) = winner;
  });
}

// dx = Σ dy of the windows whose winner this element is. Bytes: winners + dy + dx.
template <typename T, typename Tap>
DEVICE void maxPoolGrad(const Tap* __restrict__ winners, const T* __restrict__ dy, T* __restrict__ dx, long long samples,
                        int channels, Axis vertical, Axis horizontal) {
  bool wide = aligned(winners, dy, dx);
  forEachPosition<T>(samples, vertical.in, horizontal.in, channels, wide, [&]<int N>(Count<N>, Position at, long long i) {
    Floats<N> sum = {};
    for (int p = vertical.firstWindow(at.h); p < vertical.endWindow(at.h); p++) {
      int r = vertical.tap(p, at.h);
      if (r < 0) continue;
#pragma unroll 1
      for (int q = horizontal.firstWindow(at.w); q < horizontal.endWindow(at.w); q++) {
        int s = horizontal.tap(q, at.w);
        if (s < 0) continue;
        long long from = ((at.sample * vertical.out + p) * horizontal.out + q) * channels + at.channel;
        auto values = load<N>(dy + from);
        auto winner = fetch<N>(winners + from);
        Tap tap = (Tap)(r * horizontal.kernel + s);
#pragma unroll
        for (int k = 0; k < N; k++) sum[k] += winner.at[k] == tap ? values[k] : 0;
      }
    }
    store(dx + i, sum);
  });
}

#define AXES                                                                                                           \
  Axis{height, outHeight, kernelHeight, strideHeight, padTop, dilationHeight},                                         \
      Axis{width, outWidth, kernelWidth, strideWidth, padLeft, dilationWidth}

#define GEOMETRY                                                                                                       \
  long long samples, int height, int width, int channels, int outHeight, int outWidth, int kernelHeight,               \
      int strideHeight, int padTop, int kernelWidth, int strideWidth, int padLeft

#define MAX_POOL(F, T)                                                                                                 \
  ENTRY(max_pool_##F)                                                                                                  \
  (const T* x, T* y, unsigned char* winners, GEOMETRY, int dilationHeight, int dilationWidth) {                        \
    maxPool(x, y, winners, samples, channels, AXES);                                                                   \
  }                                                                                                                    \
  ENTRY(max_pool_wide_##F)                                                                                             \
  (const T* x, T* y, unsigned short* winners, GEOMETRY, int dilationHeight, int dilationWidth) {                       \
    maxPool(x, y, winners, samples, channels, AXES);                                                                   \
  }                                                                                                                    \
  ENTRY(max_pool_grad_##F)                                                                                             \
  (const unsigned char* winners, const T* dy, T* dx, GEOMETRY, int dilationHeight, int dilationWidth) {                \
    maxPoolGrad(winners, dy, dx, samples, channels, AXES);                                                             \
  }                                                                                                                    \
  ENTRY(max_pool_wide_grad_##F)                                                                                        \
  (const unsigned short* winners, const T* dy, T* dx, GEOMETRY, int dilationHeight, int dilationWidth) {               \
    maxPoolGrad(winners, dy, dx, samples, channels, AXES);                                                             \
  }
FORMATS(MAX_POOL)

// The windows of a mean along one axis: window i covers positions begin(i) up to end(i) and counts as divisor(i).
struct SlidingMean {
  Axis axis;
  int padAfter;
  bool countPad;

  DEVICE int begin(int i) const { return max(axis.first(i), 0); }
  DEVICE int end(int i) const { return min(axis.first(i) + axis.kernel, axis.in); }
  DEVICE int divisor(int i) const {
    int first = axis.first(i);
    return countPad ? min(first + axis.kernel, axis.in + padAfter) - first : end(i) - begin(i);
  }
  DEVICE int firstWindow(int at) const { return axis.firstWindow(at); }
  DEVICE int endWindow(int at) const { return axis.endWindow(at); }
  DEVICE int in() const { return axis.in; }
  DEVICE int out() const { return axis.out; }
};

// PyTorch's adaptive windows: ⌊i·in/out⌋ up to ⌈(i+1)·in/out⌉.
struct AdaptiveMean {
  int inExtent, outExtent;

  DEVICE int begin(int i) const { return (int)((long long)i * inExtent / outExtent); }
  DEVICE int end(int i) const { return (int)(((long long)(i + 1) * inExtent + outExtent - 1) / outExtent); }
  DEVICE int divisor(int i) const { return end(i) - begin(i); }
  // begin(i) ≤ at < end(i), solved for i.
  DEVICE int firstWindow(int at) const { return (int)((long long)at * outExtent / inExtent); }
  DEVICE int endWindow(int at) const { return (int)(((long long)(at + 1) * outExtent - 1) / inExtent) + 1; }
  DEVICE int in() const { return inExtent; }
  DEVICE int out() const { return outExtent; }
};

// y = Σ x over the window / (divisor · divisor). Bytes: x + y.
template <typename T, typename Mean>
DEVICE void meanPool(const T* __restrict__ x, T* __restrict__ y, long long samples, int channels, Mean vertical,
                     Mean horizontal) {
  bool wide = aligned(x, y);
  int height = vertical.out();
  int width = horizontal.out();
  forEachPosition<T>(samples, height, width, channels, wide, [&]<int N>(Count<N>, Position at, long long i) {
    Floats<N> sum = {};
    int left = horizontal.begin(at.w);
    int right = horizontal.end(at.w);
    for (int h = vertical.begin(at.h); h < vertical.end(at.h); h++) {
      const T* from = x + ((at.sample * vertical.in() + h) * horizontal.in() + left) * channels + at.channel;
#pragma unroll 2
      for (int w = left; w < right; w++, from += channels) {
        auto values = load<N>(from);
#pragma unroll
        for (int k = 0; k < N; k++) sum[k] += values[k];
      }
    }
    float divisor = (float)vertical.divisor(at.h) * (float)horizontal.divisor(at.w);
#pragma unroll
    for (int k = 0; k < N; k++) sum[k] /= divisor;
    store(y + i, sum);
  });
}

// dx = Σ dy / (divisor · divisor) over the windows that cover the element. Bytes: dy + dx.
template <typename T, typename Mean>
DEVICE void meanPoolGrad(const T* __restrict__ dy, T* __restrict__ dx, long long samples, int channels, Mean vertical,
                         Mean horizontal) {
  bool wide = aligned(dy, dx);
  int height = vertical.in();
  int width = horizontal.in();
  forEachPosition<T>(samples, height, width, channels, wide, [&]<int N>(Count<N>, Position at, long long i) {
    Floats<N> sum = {};
    for (int p = vertical.firstWindow(at.h); p < vertical.endWindow(at.h); p++) {
#pragma unroll 1
      for (int q = horizontal.firstWindow(at.w); q < horizontal.endWindow(at.w); q++) {
        float divisor = (float)vertical.divisor(p) * (float)horizontal.divisor(q);
        auto values = load<N>(dy + ((at.sample * vertical.out() + p) * horizontal.out() + q) * channels + at.channel);
#pragma unroll
        for (int k = 0; k < N; k++) sum[k] += values[k] / divisor;
      }
    }
    store(dx + i, sum);
  });
}

#define SLIDING                                                                                                        \
  SlidingMean{{height, outHeight, kernelHeight, strideHeight, padTop, 1}, padBottom, countIncludePad != 0},            \
      SlidingMean{{width, outWidth, kernelWidth, strideWidth, padLeft, 1}, padRight, countIncludePad != 0}

#define AVG_POOL(F, T)                                                                                                 \
  ENTRY(avg_pool_##F)(const T* x, T* y, GEOMETRY, int padBottom, int padRight, int countIncludePad) {                  \
    meanPool(x, y, samples, channels, SLIDING);                                                                        \
  }                                                                                                                    \
  ENTRY(avg_pool_grad_##F)(const T* dy, T* dx, GEOMETRY, int padBottom, int padRight, int countIncludePad) {           \
    meanPoolGrad(dy, dx, samples, channels, SLIDING);                                                                  \
  }
FORMATS(AVG_POOL)

#define ADAPTIVE_AVG_POOL(F, T)                                                                                        \
  ENTRY(adaptive_avg_pool_##F)                                                                                         \
  (const T* x, T* y, long long samples, int height, int width, int channels, int outHeight, int outWidth) {            \
    meanPool(x, y, samples, channels, AdaptiveMean{height, outHeight}, AdaptiveMean{width, outWidth});                 \
  }                                                                                                                    \
  ENTRY(adaptive_avg_pool_grad_##F)                                                                                    \
  (const T* dy, T* dx, long long samples, int height, int width, int channels, int outHeight, int outWidth) {          \
    meanPoolGrad(dy, dx, samples, channels, AdaptiveMean{height, outHeight}, AdaptiveMean{width, outWidth});           \
  }
FORMATS(ADAPTIVE_AVG_POOL)
