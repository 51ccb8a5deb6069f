// Functions of single elements.
//
// Launch: items n / E. In place: the result may lie over any operand. Bytes: each operand read once, the result written
// once.
#include "common.cuh"

// y[i] = f(x[i])
template <typename T, typename F>
DEVICE void map(const T* x, T* y, long long n, F f) {
  forEach<T>(n, aligned(x, y), [&]<int N>(Count<N>, long long i) {
    auto values = load<N>(x + i);
#pragma unroll
    for (int k = 0; k < N; k++) values[k] = f(values[k]);
    store(y + i, values);
  });
}

// y[i] = f(a[i], b[i])
template <typename T, typename F>
DEVICE void zip(const T* a, const T* b, T* y, long long n, F f) {
  forEach<T>(n, aligned(a, b, y), [&]<int N>(Count<N>, long long i) {
    auto left = load<N>(a + i);
    auto right = load<N>(b + i);
#pragma unroll
    for (int k = 0; k < N; k++) left[k] = f(left[k], right[k]);
    store(y + i, left);
  });
}

// max(x, 0); a NaN stays NaN.
DEVICE float relu(float x) { return x < 0 ? 0 : x; }

// y = max(x, 0)
#define RELU(F, T)                                                                                                     \
  ENTRY(relu_##F)(const T* x, T* y, long long n) { map(x, y, n, relu); }
FORMATS(RELU)

// dx = dy where y > 0, else 0
#define RELU_GRAD(F, T)                                                                                                \
  ENTRY(relu_grad_##F)(const T* y, const T* dy, T* dx, long long n) {                                                  \
    zip(y, dy, dx, n, [](float y, float dy) { return y > 0 ? dy : 0; });                                               \
  }
FORMATS(RELU_GRAD)

// y = x where x > 0, else slope · x
#define LEAKY_RELU(F, T)                                                                                               \
  ENTRY(leaky_relu_##F)(const T* x, T* y, long long n, float slope) {                                                  \
    map(x, y, n, [=](float x) { return x > 0 ? x : slope * x; });                                                      \
  }
FORMATS(LEAKY_RELU)

// dx = dy where x > 0, else slope · dy
#define LEAKY_RELU_GRAD(F, T)                                                                                          \
  ENTRY(leaky_relu_grad_##F)(const T* x, const T* dy, T* dx, long long n, float slope) {                               \
    zip(x, dy, dx, n, [=](float x, float dy) { return x > 0 ? dy : slope * dy; });                                     \
  }
FORMATS(LEAKY_RELU_GRAD)

// y = 1 / (1 + e^−x)
#define SIGMOID(F, T)                                                                                                  \
  ENTRY(sigmoid_##F)(const T* x, T* y, long long n) {                                                                  \
    map(x, y, n, [](float x) { return 1 / (1 + expf(-x)); });                                                          \
  }
FORMATS(SIGMOID)

// dx = dy · y · (1 − y)
#define SIGMOID_GRAD(F, T)                                                                                             \
  ENTRY(sigmoid_grad_##F)(const T* y, const T* dy, T* dx, long long n) {                                               \
    zip(y, dy, dx, n, [](float y, float dy) { return dy * y * (1 - y); });                                             \
  }
FORMATS(SIGMOID_GRAD)

// y = tanh x
#define TANH(F, T)                                                                                                     \
  ENTRY(tanh_##F)(const T* x, T* y, long long n) {                                                                     \
    map(x, y, n, [](float x) { return tanhf(x); });                                                                    \
  }
FORMATS(TANH)

// dx = dy · (1 − y²), as (1 − y)(1 + y): where y is near 1 nothing is lost
#define TANH_GRAD(F, T)                                                                                                \
  ENTRY(tanh_grad_##F)(const T* y, const T* dy, T* dx, long long n) {                                                  \
    zip(y, dy, dx, n, [](float y, float dy) { return dy * ((1 - y) * (1 + y)); });                                     \
  }
FORMATS(TANH_GRAD)

// y = factor · x
#define SCALE(F, T)                                                                                                    \
  ENTRY(scale_##F)(const T* x, T* y, long long n, float factor) {                                                      \
    map(x, y, n, [=](float x) { return factor * x; });                                                                 \
  }
FORMATS(SCALE)

// y = a + b
#define ADD(F, T)                                                                                                      \
  ENTRY(add_##F)(const T* a, const T* b, T* y, long long n) {                                                          \
    zip(a, b, y, n, [](float a, float b) { return a + b; });                                                           \
  }
FORMATS(ADD)

// y = max(a + b, 0), the sum not rounded
#define ADD_RELU(F, T)                                                                                                 \
  ENTRY(add_relu_##F)(const T* a, const T* b, T* y, long long n) {                                                     \
    zip(a, b, y, n, [](float a, float b) { return relu(a + b); });                                                     \
  }
FORMATS(ADD_RELU)

// y = a · b
#define MULTIPLY(F, T)                                                                                                 \
  ENTRY(multiply_##F)(const T* a, const T* b, T* y, long long n) {                                                     \
    zip(a, b, y, n, [](float a, float b) { return a * b; });                                                           \
  }
FORMATS(MULTIPLY)

// y = keep · running + momentum · batch where apply is not 0, else running; keep = 1 − momentum
#define RUNNING_AVERAGE(F, T)                                                                                          \
  ENTRY(running_average_##F)                                                                                           \
  (const T* running, const T* batch, const int* apply, T* y, long long n, float keep, float momentum) {                \
    bool applied = *apply != 0;                                                                                        \
    zip(running, batch, y, n, [=](float old, float now) {                                                              \
      return applied ? keep * old + momentum * now : old;                                                              \
    });                                                                                                                \
  }
FORMATS(RUNNING_AVERAGE)
