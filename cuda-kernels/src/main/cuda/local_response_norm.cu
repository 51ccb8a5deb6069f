// Local response normalisation across channels (Krizhevsky, Sutskever and Hinton 2012, section 3.3):
// y[c] = x[c] · d[c]^−beta, d[c] = k + alpha · Σ x[j]² over the `size` channels j from c − ⌊size/2⌋ on; alpha is
// already divided by size.
//
// Where channels come last a block takes 1024 neighbouring elements, whatever rows they belong to, with as many on both
// sides as windows reach, into shared memory: every element is read from memory about once.
//
// Launch: items n / 4. Dynamic shared memory: 4 · (1024 + 2 · size) bytes, gradient 12 · (1024 + 4 · size).
#include "common.cuh"

constexpr int TILE = 1024;

struct Response {
  long long n, channels, channelStep;
  int size;
  float alpha, beta, k;

  DEVICE long long channel(long long i) const { return i / channelStep % channels; }

  // The power d^−beta of a positive d.
  DEVICE float power(float d) const { return exp2f(-beta * log2f(d)); }

  // Σ term(element) over the channels from `first` to `last` places from element i, of channel c.
  template <typename Term>
  DEVICE float window(long long i, long long c, int first, int last, Term term) const {
    float sum = 0;
    for (int j = first; j <= last; j++) {
      if (c + j >= 0 && c + j < channels) sum += term(i + j * channelStep);
    }
    return sum;
  }

  // d of element i, with the values of x from `value`.
  template <typename At>
  DEVICE float denominator(long long i, At value) const {
    float squares = window(i, channel(i), -(size / 2), size - 1 - size / 2, [&](long long j) {
      float x = value(j);
      return x * x;
    });
    return k + alpha * squares;
  }
};

// Bytes: x + y.
template <typename T>
DEVICE void forward(const T* __restrict__ x, T* __restrict__ y, const Response& op) {
  if (op.channelStep != 1) {
    for (long long i = gridThread(); i < op.n; i += gridThreads()) {
      float d = op.denominator(i, [&](long long j) { return toFloat(x[j]); });
      y[i] = fromFloat<T>(toFloat(x[i]) * op.power(d));
    }
    return;
  }
  DYNAMIC_SHARED(float, values);
  for (long long begin = (long long)blockIdx.x * TILE; begin < op.n; begin += (long long)gridDim.x * TILE) {
    long long from = begin - op.size;
    for (int i = threadIdx.x; i < TILE + 2 * op.size; i += BLOCK) {
      values[i] = from + i >= 0 && from + i < op.n ? toFloat(x[from + i]) : 0;
    }
    __syncthreads();
    for (long long i = begin + threadIdx.x; i < begin + TILE && i < op.n; i += BLOCK) {
      float d = op.denominator(i, [&](long long j) { return values[j - from]; });
      y[i] = fromFloat<T>(values[i - from] * op.power(d));
    }
    __syncthreads();
  }
}

// dx[j] = dy[j] · d[j]^−beta − 2·alpha·beta · x[j] · Σ dy[c]·y[c]/d[c] over the windows c around j.
// Bytes: x + y + dy + dx.
template <typename T>
DEVICE void backward(const T* __restrict__ x, const T* __restrict__ y, const T* __restrict__ dy, T* __restrict__ dx,
                     const Response& op) {
  // Element j lies in the windows of channels j − (size − 1 − ⌊size/2⌋) up to j + ⌊size/2⌋.
  int before = op.size - 1 - op.size / 2;
  float factor = 2 * op.alpha * op.beta;
  if (op.channelStep != 1) {
    auto value = [&](long long j) { return toFloat(x[j]); };
    for (long long i = gridThread(); i < op.n; i += gridThreads()) {
      float ratios = op.window(i, op.channel(i), -before, op.size / 2, [&](long long c) {
        return toFloat(dy[c]) * toFloat(y[c]) / op.denominator(c, value);
      });
      float power = op.power(op.denominator(i, value));
      dx[i] = fromFloat<T>(toFloat(dy[i]) * power - factor * value(i) * ratios);
    }
    return;
  }
  DYNAMIC_SHARED(float, values);
  int margin = 2 * op.size;
  int extent = TILE + 2 * margin;
  float* denominators = values + extent;
  float* ratios = denominators + extent;
  for (long long begin = (long long)blockIdx.x * TILE; begin < op.n; begin += (long long)gridDim.x * TILE) {
    long long from = begin - margin;
    for (int i = threadIdx.x; i < extent; i += BLOCK) {
      values[i] = from + i >= 0 && from + i < op.n ? toFloat(x[from + i]) : 0;
    }
    __syncthreads();
    for (int i = op.size + threadIdx.x; i < extent - op.size; i += BLOCK) {
      if (from + i >= 0 && from + i < op.n) {
        float d = op.denominator(from + i, [&](long long j) { return values[j - from]; });
        denominators[i] = d;
        ratios[i] = toFloat(dy[from + i]) * toFloat(y[from + i]) / d;
      }
    }
    __syncthreads();
    for (long long i = begin + threadIdx.x; i < begin + TILE && i < op.n; i += BLOCK) {
      float sum = op.window(i, op.channel(i), -before, op.size / 2, [&](long long c) { return ratios[c - from]; });
      float power = op.power(denominators[i - from]);
      dx[i] = fromFloat<T>(toFloat(dy[i]) * power - factor * values[i - from] * sum);
    }
    __syncthreads();
  }
}

#define LOCAL_RESPONSE_NORM(F, T)                                                                                      \
  ENTRY(local_response_norm_##F)                                                                                       \
  (const T* x, T* y, long long n, long long channels, long long channelStep, int size, float alpha, float beta,        \
   float k) {                                                                                                          \
    forward(x, y, Response{n, channels, channelStep, size, alpha, beta, k});                                           \
  }                                                                                                                    \
  ENTRY(local_response_norm_grad_##F)                                                                                  \
  (const T* x, const T* y, const T* dy, T* dx, long long n, long long channels, long long channelStep, int size,       \
   float alpha, float beta, float k) {                                                                                 \
    backward(x, y, dy, dx, Response{n, channels, channelStep, size, alpha, beta, k});                                  \
  }
FORMATS(LOCAL_RESPONSE_NORM)
