// What becomes of the loss scale after a step.
#include "common.cuh"

// A finite step counts, and the interval-th in a row multiplies the scale by growth, up to most, and begins to count anew.
// Where the gradients alone are not finite (healthy, not finite) the step was skipped, the scale is multiplied by backoff,
// down to least, and counting begins anew. Otherwise nothing changes, and sound becomes 0. Each of the four results may lie
// over the operand of its place. One block.
template <typename T>
DEVICE void lossScaleStep(const T* scale, const long long* good, const long long* skipped, const int* healthy,
                          const int* finite, T* newScale, long long* newGood, long long* newSkipped, int* sound,
                          long long interval, float growth, float backoff, float least, float most) {
  if (gridThread() != 0) return;
  float old = toFloat(*scale);
  long long count = *good;
  bool isFinite = *finite != 0;
  bool grows = isFinite && count + 1 >= interval;
  bool skips = !isFinite && *healthy != 0 && old > least;
  float factor = grows ? growth : skips ? backoff : 1;
  *newScale = fromFloat<T>(fminf(fmaxf(old * factor, least), most));
  *newGood = grows || skips ? 0 : isFinite ? count + 1 : count;
  *newSkipped = *skipped + (skips ? 1 : 0);
  *sound = isFinite || skips ? 1 : 0;
}

#define LOSS_SCALE_STEP(F, T)                                                                                          \
  ENTRY(loss_scale_step_##F)                                                                                           \
  (const T* scale, const long long* good, const long long* skipped, const int* healthy, const int* finite,             \
   T* newScale, long long* newGood, long long* newSkipped, int* sound, long long interval, float growth,               \
   float backoff, float least, float most) {                                                                           \
    lossScaleStep(scale, good, skipped, healthy, finite, newScale, newGood, newSkipped, sound, interval, growth,       \
                  backoff, least, most);                                                                               \
  }
FORMATS(LOSS_SCALE_STEP)
