// How many samples have their label among the best scores.
#include "common.cuh"

// hits[n] = 1 if fewer than k classes come before the label of sample n: those with a higher score, or an equal one and
// a lower index; a NaN ranks below every number. Items rows · (classes ≤ 256 ? 32 : 256). Bytes: scores.
template <typename T>
DEVICE void topKHits(const T* scores, const long long* labels, float* hits, long long rows, int classes, int best) {
  forEachRow(rows, classes, [&](auto team, long long row, int rank) {
    const T* x = scores + row * classes;
    long long label = labels[row];
    bool known = label >= 0 && label < classes;
    float own = known ? toFloat(x[label]) : 0;
    bool ownNumber = own == own;
    float before = 0;
#pragma unroll 1
    for (int k = rank; k < classes; k += team.size()) {
      float other = toFloat(x[k]);
      bool number = other == other;
      bool higher = other > own || (number && !ownNumber);
      bool equal = other == own || (!number && !ownNumber);
      before += higher || (equal && k < label) ? 1 : 0;
    }
    before = team.template reduce<Sum>(before);
    if (rank == 0) hits[row] = known && before < (float)best ? 1 : 0;
  });
}

#define TOP_K_HITS(F, T)                                                                                               \
  ENTRY(top_k_hits_##F)                                                                                                \
  (const T* scores, const long long* labels, float* hits, long long rows, int classes, int k) {                        \
    topKHits(scores, labels, hits, rows, classes, k);                                                                  \
  }
FORMATS(TOP_K_HITS)

// y = Σ hits[n] · weights[n]. One block. Bytes: hits + weights.
template <typename T>
DEVICE void weightedSum(const float* hits, const T* weights, T* y, long long n) {
  float sum = 0;
  for (long long i = threadIdx.x; i < n; i += BLOCK) sum += hits[i] != 0 ? toFloat(weights[i]) : 0;
  sum = blockReduce<Sum>(sum);
  if (gridThread() == 0) *y = fromFloat<T>(sum);
}

#define WEIGHTED_SUM(F, T)                                                                                             \
  ENTRY(weighted_sum_##F)(const float* hits, const T* weights, T* y, long long n) {                                    \
    weightedSum(hits, weights, y, n);                                                                                  \
  }
FORMATS(WEIGHTED_SUM)
