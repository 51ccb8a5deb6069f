// Losses, one a sample, and their gradients for dlosses [N]. A label that is no class gives NaN.
//
// A warp works on a short row, a block on a long one. Launch: items rows · (row ≤ 256 ? 32 : 256), or where nothing is
// summed rows · row length.
#include "common.cuh"

// log Σ e^x[k], shifted by the maximum so that no power overflows.
template <typename Team, typename T>
DEVICE float logSum(Team, const T* x, int classes, int rank) {
  float max = Max::neutral();
#pragma unroll 1
  for (int k = rank; k < classes; k += Team::size()) max = Max::join(max, toFloat(x[k]));
  max = Team::template reduce<Max>(max);
  float sum = 0;
#pragma unroll 1
  for (int k = rank; k < classes; k += Team::size()) sum += expf(toFloat(x[k]) - max);
  return max + logf(Team::template reduce<Sum>(sum));
}

DEVICE bool isClass(long long label, int classes) { return label >= 0 && label < classes; }

// t[k] = (1 − smoothing) · onehot + smoothing/K
DEVICE float target(long long label, int k, int classes, float smoothing) {
  return (k == label ? 1 - smoothing : 0) + smoothing / (float)classes;
}

// Softmax and cross-entropy in one: loss = −Σ t[k]·log p[k] = Σ t[k]·(log Σ e^x − x[k]). Bytes: logits.
template <typename T>
DEVICE void softmaxCrossEntropy(const T* logits, const long long* labels, T* losses, long long rows, int classes,
                                float smoothing) {
  forEachRow(rows, classes, [&](auto team, long long row, int rank) {
    const T* x = logits + row * classes;
    float all = logSum(team, x, classes, rank);
    float loss = 0;
#pragma unroll 1
    for (int k = rank; k < classes; k += team.size()) {
      float share = target(labels[row], k, classes, smoothing);
      // 0·log 0 is 0 in an entropy.
      loss += share == 0 ? 0 : share * (all - toFloat(x[k]));
    }
    loss = team.template reduce<Sum>(loss);
    if (rank == 0) losses[row] = fromFloat<T>(isClass(labels[row], classes) ? loss : notANumber());
  });
}

// dx[k] = dloss·(p[k] − t[k]). Bytes: logits + dx. dx may lie over the logits.
template <typename T>
DEVICE void softmaxCrossEntropyGrad(const T* logits, const long long* labels, const T* dlosses, T* dx, long long rows,
                                    int classes, float smoothing) {
  forEachRow(rows, classes, [&](auto team, long long row, int rank) {
    const T* x = logits + row * classes;
    float all = logSum(team, x, classes, rank);
    float dloss = isClass(labels[row], classes) ? toFloat(dlosses[row]) : notANumber();
#pragma unroll 1
    for (int k = rank; k < classes; k += team.size()) {
      float probability = expf(toFloat(x[k]) - all);
      dx[row * classes + k] = fromFloat<T>(dloss * (probability - target(labels[row], k, classes, smoothing)));
    }
  });
}

#define SOFTMAX_CROSS_ENTROPY(F, T)                                                                                    \
  ENTRY(softmax_cross_entropy_##F)                                                                                     \
  (const T* logits, const long long* labels, T* losses, long long rows, int classes, float smoothing) {                \
    softmaxCrossEntropy(logits, labels, losses, rows, classes, smoothing);                                             \
  }                                                                                                                    \
  ENTRY(softmax_cross_entropy_grad_##F)                                                                                \
  (const T* logits, const long long* labels, const T* dlosses, T* dx, long long rows, int classes,                     \
   float smoothing) {                                                                                                  \
    softmaxCrossEntropyGrad(logits, labels, dlosses, dx, rows, classes, smoothing);                                    \
  }
FORMATS(SOFTMAX_CROSS_ENTROPY)

// loss = Σ max(0, margin − x[label] + x[k]) / K over k ≠ label. Bytes: scores.
template <typename T>
DEVICE void multiclassHinge(const T* scores, const long long* labels, T* losses, long long rows, int classes,
                            float margin) {
  forEachRow(rows, classes, [&](auto team, long long row, int rank) {
    const T* x = scores + row * classes;
    long long label = labels[row];
    float own = isClass(label, classes) ? toFloat(x[label]) : notANumber();
    float sum = 0;
#pragma unroll 1
    for (int k = rank; k < classes; k += team.size()) {
      float violation = margin - own + toFloat(x[k]);
      // A NaN stays: it is not below 0.
      sum += k == label || violation < 0 ? 0 : violation;
    }
    sum = team.template reduce<Sum>(sum);
    if (rank == 0) losses[row] = fromFloat<T>(isClass(label, classes) ? sum / (float)classes : notANumber());
  });
}

// dx[k] = dloss/K where k ≠ label violates the margin; the label gets minus their sum. Bytes: scores + dx.
template <typename T>
DEVICE void multiclassHingeGrad(const T* scores, const long long* labels, const T* dlosses, T* dx, long long rows,
                                int classes, float margin) {
  forEachRow(rows, classes, [&](auto team, long long row, int rank) {
    const T* x = scores + row * classes;
    long long label = labels[row];
    bool known = isClass(label, classes);
    float own = known ? toFloat(x[label]) : 0;
    float share = known ? toFloat(dlosses[row]) / (float)classes : notANumber();
    float violators = 0;
#pragma unroll 1
    for (int k = rank; k < classes; k += team.size()) {
      bool violates = k != label && margin - own + toFloat(x[k]) > 0;
      violators += violates ? 1 : 0;
      if (k != label) dx[row * classes + k] = fromFloat<T>(violates || !known ? share : 0);
    }
    violators = team.template reduce<Sum>(violators);
    if (rank == 0 && known) dx[row * classes + label] = fromFloat<T>(violators == 0 ? 0 : -share * violators);
  });
}

#define MULTICLASS_HINGE(F, T)                                                                                         \
  ENTRY(multiclass_hinge_##F)                                                                                          \
  (const T* scores, const long long* labels, T* losses, long long rows, int classes, float margin) {                   \
    multiclassHinge(scores, labels, losses, rows, classes, margin);                                                    \
  }                                                                                                                    \
  ENTRY(multiclass_hinge_grad_##F)                                                                                     \
  (const T* scores, const long long* labels, const T* dlosses, T* dx, long long rows, int classes, float margin) {     \
    multiclassHingeGrad(scores, labels, dlosses, dx, rows, classes, margin);                                           \
  }
FORMATS(MULTICLASS_HINGE)

// max(x, 0) − x·t + log(1 + e^−|x|), which is −t·log σ(x) − (1 − t)·log(1 − σ(x)) made stable.
struct SigmoidCrossEntropy {
  static DEVICE float loss(float x, float t) { return (x < 0 ? 0 : x) - x * t + log1pf(expf(-fabsf(x))); }
  static DEVICE float slope(float x, float t) { return 1 / (1 + expf(-x)) - t; }
};

struct SquaredError {
  static DEVICE float loss(float x, float t) { return (x - t) * (x - t); }
  static DEVICE float slope(float x, float t) { return 2 * (x - t); }
};

// loss = Σ f(x, t) / elements of a sample. Bytes: x + t.
template <typename F, typename T>
DEVICE void meanLoss(const T* x, const T* targets, T* losses, long long rows, long long rowElements) {
  forEachRow(rows, rowElements, [&](auto team, long long row, int rank) {
    float sum = 0;
#pragma unroll 1
    for (long long i = rank; i < rowElements; i += team.size()) {
      sum += F::loss(toFloat(x[row * rowElements + i]), toFloat(targets[row * rowElements + i]));
    }
    sum = team.template reduce<Sum>(sum);
    if (rank == 0) losses[row] = fromFloat<T>(sum / (float)rowElements);
  });
}

// dx = dloss · f'(x, t) / elements of a sample. Bytes: x + t + dx. dx may lie over x or t.
template <typename F, typename T>
DEVICE void meanLossGrad(const T* x, const T* targets, const T* dlosses, T* dx, long long rows, long long rowElements) {
#pragma unroll 1
  for (long long i = gridThread(); i < rows * rowElements; i += gridThreads()) {
    float slope = F::slope(toFloat(x[i]), toFloat(targets[i]));
    dx[i] = fromFloat<T>(toFloat(dlosses[i / rowElements]) * slope / (float)rowElements);
  }
}

#define MEAN_LOSS(NAME, LOSS, F, T)                                                                                    \
  ENTRY(NAME##_##F)(const T* x, const T* targets, T* losses, long long rows, long long rowElements) {                  \
    meanLoss<LOSS>(x, targets, losses, rows, rowElements);                                                             \
  }                                                                                                                    \
  ENTRY(NAME##_grad_##F)                                                                                               \
  (const T* x, const T* targets, const T* dlosses, T* dx, long long rows, long long rowElements) {                     \
    meanLossGrad<LOSS>(x, targets, dlosses, dx, rows, rowElements);                                                    \
  }
#define SIGMOID_CROSS_ENTROPY(F, T) MEAN_LOSS(sigmoid_cross_entropy, SigmoidCrossEntropy, F, T)
FORMATS(SIGMOID_CROSS_ENTROPY)
#define MEAN_SQUARED_ERROR(F, T) MEAN_LOSS(mean_squared_error, SquaredError, F, T)
FORMATS(MEAN_SQUARED_ERROR)
