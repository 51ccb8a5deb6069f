// What becomes of the loss scale after a step.
#include "common.cuh"

// A good step counts, and the interval-th in a row multiplies the scale by growth and begins to count anew. A step that is
// not finite multiplies it by backoff, begins to count anew too, and was skipped. The scale stays in [least, most].
// New values may lie over old ones. One block.
template <typename T>
DEVICE void lossScaleStep(const T* scale, const long long* good, const long long* skipped, const int* finite, T* newScale,
                          long long* newGood, long long* newSkipped, long long interval, float growth, float backoff,
                          float least, float most) {
  if (gridThread() != 0) return;
  bool isFinite = *finite != 0;
  long long count = *good + 1;
  bool grows = isFinite && count >= interval;
  float factor = grows ? growth : isFinite ? 1 : backoff;
  *newScale = fromFloat<T>(fminf(fmaxf(toFloat(*scale) * factor, least), most));
  *newGood = isFinite && !grows ? count : 0;
  *newSkipped = *skipped + (isFinite ? 0 : 1);
}

#define LOSS_SCALE_STEP(F, T)                                                                                          \
  ENTRY(loss_scale_step_##F)                                                                                           \
  (const T* scale, const long long* good, const long long* skipped, const int* finite, T* newScale,                    \
   long long* newGood, long long* newSkipped, long long interval, float growth, float backoff, float least,            \
   float most) {                                                                                                       \
    lossScaleStep(scale, good, skipped, finite, newScale, newGood, newSkipped, interval, growth, backoff, least,       \
                  most);                                                                                               \
  }
FORMATS(LOSS_SCALE_STEP)
