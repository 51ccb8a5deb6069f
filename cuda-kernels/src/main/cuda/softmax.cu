// Softmax over the channels of x [N,K,…], one row (sample and position) at a time, and its gradient.
//
// A warp works on a short row, a block on a long one; rows stay in the caches between the passes over them.
// Launch: items rows · (channels ≤ 256 ? 32 : 256). In place: the result may lie over any operand.
#include "common.cuh"

// The elements of one row: at(k) is the memory index of channel k.
struct Row {
  long long begin, step;

  DEVICE Row(long long row, int channels, long long channelStep) {
    long long outer = row / channelStep;
    begin = outer * channels * channelStep + (row - outer * channelStep);
    step = channelStep;
  }
  DEVICE long long at(int k) const { return begin + k * step; }
};

// y[k] = e^(x[k] − max) / Σ e^(x[j] − max). Bytes: x + y.
template <typename T>
DEVICE void softmax(const T* x, T* y, long long rows, int channels, long long channelStep) {
  forEachRow(rows, channels, [&](auto team, long long r, int rank) {
    Row row(r, channels, channelStep);
    float max = Max::neutral();
#pragma unroll 1
    for (int k = rank; k < channels; k += team.size()) max = Max::join(max, toFloat(x[row.at(k)]));
    max = team.template reduce<Max>(max);
    float sum = 0;
#pragma unroll 1
    for (int k = rank; k < channels; k += team.size()) sum += expf(toFloat(x[row.at(k)]) - max);
    sum = team.template reduce<Sum>(sum);
#pragma unroll 1
    for (int k = rank; k < channels; k += team.size()) {
      y[row.at(k)] = fromFloat<T>(expf(toFloat(x[row.at(k)]) - max) / sum);
    }
  });
}

#define SOFTMAX(F, T)                                                                                                  \
  ENTRY(softmax_##F)(const T* x, T* y, long long rows, int channels, long long channelStep) {                          \
    softmax(x, y, rows, channels, channelStep);                                                                        \
  }
FORMATS(SOFTMAX)

// dx[k] = y[k] · (dy[k] − Σ dy[j]·y[j]). Bytes: y + dy + dx.
template <typename T>
DEVICE void softmaxGrad(const T* y, const T* dy, T* dx, long long rows, int channels, long long channelStep) {
  forEachRow(rows, channels, [&](auto team, long long r, int rank) {
    Row row(r, channels, channelStep);
    float sum = 0;
#pragma unroll 1
    for (int k = rank; k < channels; k += team.size()) sum += toFloat(dy[row.at(k)]) * toFloat(y[row.at(k)]);
    sum = team.template reduce<Sum>(sum);
#pragma unroll 1
    for (int k = rank; k < channels; k += team.size()) {
      dx[row.at(k)] = fromFloat<T>(toFloat(y[row.at(k)]) * (toFloat(dy[row.at(k)]) - sum));
    }
  });
}

#define SOFTMAX_GRAD(F, T)                                                                                             \
  ENTRY(softmax_grad_##F)(const T* y, const T* dy, T* dx, long long rows, int channels, long long channelStep) {       \
    softmaxGrad(y, dy, dx, rows, channels, channelStep);                                                               \
  }
FORMATS(SOFTMAX_GRAD)
