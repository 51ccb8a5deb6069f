// The update of all parameters of a network in one launch, and the check that gradients are finite.
//
// A table in device memory has one entry for each run of elements of one parameter; a block takes an entry at a time, so
// the work is even however the parameters differ in size. Where `apply` is 0 every new value is the old one.
// New values may lie over old ones: each element is read before it is written, by the same thread.
// The g of the rules is the gradient divided by the loss scale, a number of the parameters' format.
//
// Launch: a block an entry. Bytes: parameters, gradients and slots once, new parameters and slots once.
#include "common.cuh"

// One run of elements of one parameter, as the host writes it: ten words of eight bytes. Addresses of what the rule
// does not have are 0.
template <typename T>
struct Run {
  const T* parameter;
  const T* gradient;
  const T* slot0;
  const T* slot1;
  T* newParameter;
  T* newSlot0;
  T* newSlot1;
  long long elements;
  double rateScale;
  double decay;
};

// The values of one element: the rule changes w, s0 and s1.
struct Element {
  float w, g, s0, s1;
};

// What a block of threads has to do with N elements at i.
template <int SLOTS, int N, typename T, typename Rule>
DEVICE void updateAt(const Run<T>& run, long long i, bool apply, float unscale, Rule rule) {
  auto w = load<N>(run.parameter + i);
  auto g = load<N>(run.gradient + i);
  Floats<N> s0 = {};
  Floats<N> s1 = {};
  if constexpr (SLOTS > 0) s0 = load<N>(run.slot0 + i);
  if constexpr (SLOTS > 1) s1 = load<N>(run.slot1 + i);
  if (apply) {
#pragma unroll
    for (int k = 0; k < N; k++) {
      Element element{w[k], unscale * g[k], s0[k], s1[k]};
      rule(element);
      w[k] = element.w;
      s0[k] = element.s0;
      s1[k] = element.s1;
    }
  }
  store(run.newParameter + i, w);
  if constexpr (SLOTS > 0) store(run.newSlot0 + i, s0);
  if constexpr (SLOTS > 1) store(run.newSlot1 + i, s1);
}

// Applies ruleOf(rate, decay) of each run to its elements.
template <int SLOTS, typename T, typename RuleOf>
DEVICE void update(const T* rate, const int* apply, const T* scale, const Run<T>* table, int entries, RuleOf ruleOf) {
  bool applied = *apply != 0;
  float unscale = 1 / toFloat(*scale);
  for (int entry = blockIdx.x; entry < entries; entry += gridDim.x) {
    Run<T> run = table[entry];
    auto rule = ruleOf(toFloat(*rate) * (float)run.rateScale, (float)run.decay);
    bool wide = aligned(run.parameter, run.gradient, run.newParameter) &&
                aligned(run.slot0, run.slot1, run.newSlot0) && aligned(run.newSlot1);
    long long packs = wide ? run.elements / WIDTH<T> : 0;
#pragma unroll 1
    for (long long i = threadIdx.x; i < packs; i += BLOCK) {
      updateAt<SLOTS, WIDTH<T>>(run, i * WIDTH<T>, applied, unscale, rule);
    }
#pragma unroll 1
    for (long long i = packs * WIDTH<T> + threadIdx.x; i < run.elements; i += BLOCK) {
      updateAt<SLOTS, 1>(run, i, applied, unscale, rule);
    }
  }
}

// The new number of applied steps, and 1 − β₁ᵗ and 1 − β₂ᵗ in double, since they nearly cancel at first. One block.
ENTRY(step_count)
(const int* apply, const long long* applied, long long* newApplied, float* corrections, double beta1, double beta2) {
  if (gridThread() == 0) {
    long long steps = *applied;
    corrections[0] = (float)(1 - pow(beta1, (double)(steps + 1)));
    corrections[1] = (float)(1 - pow(beta2, (double)(steps + 1)));
    *newApplied = steps + (*apply != 0 ? 1 : 0);
  }
}

// g ← g + decay·w; v ← momentum·v + g; w ← w − rate·v, or with Nesterov's momentum w − rate·(g + momentum·v).
// With momentum 0 there is no slot.
#define SGD_STEP(F, T)                                                                                                 \
  ENTRY(sgd_step_##F)                                                                                                  \
  (const T* rate, const int* apply, const T* scale, const Run<T>* table, int entries, float momentum, int nesterov) {  \
    if (momentum == 0) {                                                                                               \
      update<0>(rate, apply, scale, table, entries, [=](float rate, float decay) {                                     \
        return [=](Element& e) { e.w -= rate * (e.g + decay * e.w); };                                                 \
      });                                                                                                              \
      return;                                                                                                          \
    }                                                                                                                  \
    update<1>(rate, apply, scale, table, entries, [=](float rate, float decay) {                                       \
      return [=](Element& e) {                                                                                         \
        float g = e.g + decay * e.w;                                                                                   \
        e.s0 = momentum * e.s0 + g;                                                                                    \
        e.w -= rate * (nesterov ? g + momentum * e.s0 : e.s0);                                                         \
      };                                                                                                               \
    });                                                                                                                \
  }
FORMATS(SGD_STEP)

// v ← momentum·v − decay·rate·w − rate·g; w ← w + v
#define ALEXNET_STEP(F, T)                                                                                             \
  ENTRY(alexnet_step_##F)                                                                                              \
  (const T* rate, const int* apply, const T* scale, const Run<T>* table, int entries, float momentum) {                \
    update<1>(rate, apply, scale, table, entries, [=](float rate, float decay) {                                       \
      return [=](Element& e) {                                                                                         \
        e.s0 = momentum * e.s0 - decay * rate * e.w - rate * e.g;                                                      \
        e.w += e.s0;                                                                                                   \
      };                                                                                                               \
    });                                                                                                                \
  }
FORMATS(ALEXNET_STEP)

// m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; w ← w − rate·(m/corrections[0]) / (√(v/corrections[1]) + epsilon);
// the decay is added to the gradient, or if decoupled w ← w·(1 − rate·decay) comes first.
#define ADAM_STEP(F, T)                                                                                                \
  ENTRY(adam_step_##F)                                                                                                 \
  (const T* rate, const int* apply, const T* scale, const float* corrections, const Run<T>* table, int entries,        \
   float beta1, float keep1, float beta2, float keep2, float epsilon, int decoupled) {                                 \
    float meanCorrection = corrections[0];                                                                             \
    float squareCorrection = corrections[1];                                                                           \
    update<2>(rate, apply, scale, table, entries, [=](float rate, float decay) {                                       \
      float shrink = decoupled ? 1 - rate * decay : 1;                                                                 \
      float added = decoupled ? 0 : decay;                                                                             \
      return [=](Element& e) {                                                                                         \
        float g = e.g + added * e.w;                                                                                   \
        e.s0 = beta1 * e.s0 + keep1 * g;                                                                               \
        e.s1 = beta2 * e.s1 + keep2 * g * g;                                                                           \
        float deviation = sqrtf(e.s1 / squareCorrection) + epsilon;                                                    \
        e.w = e.w * shrink - rate * (e.s0 / meanCorrection) / deviation;                                               \
      };                                                                                                               \
    });                                                                                                                \
  }
FORMATS(ADAM_STEP)

// g ← g + decay·w; s ← alpha·s + (1 − alpha)·g²; b ← momentum·b + g/(√s + epsilon); w ← w − rate·b
#define RMS_PROP_STEP(F, T)                                                                                            \
  ENTRY(rms_prop_step_##F)                                                                                             \
  (const T* rate, const int* apply, const T* scale, const Run<T>* table, int entries, float alpha, float keep,         \
   float epsilon, float momentum) {                                                                                    \
    update<2>(rate, apply, scale, table, entries, [=](float rate, float decay) {                                       \
      return [=](Element& e) {                                                                                         \
        float g = e.g + decay * e.w;                                                                                   \
        e.s0 = alpha * e.s0 + keep * g * g;                                                                            \
        e.s1 = momentum * e.s1 + g / (sqrtf(e.s0) + epsilon);                                                          \
        e.w -= rate * e.s1;                                                                                            \
      };                                                                                                               \
    });                                                                                                                \
  }
FORMATS(RMS_PROP_STEP)

// A run of floating-point numbers; formats are numbered as in cast_any: 1 f32, 2 f16, 3 bf16.
struct Numbers {
  const void* address;
  long long elements;
  long long format;
};

// Whether none of these bits has an exponent of ones alone.
template <typename Bits>
DEVICE bool allFinite(const Bits* bits, long long elements, Bits exponent) {
  bool finite = true;
  long long packs = aligned(bits) ? elements / WIDTH<Bits> : 0;
#pragma unroll 4
  for (long long i = threadIdx.x; i < packs; i += BLOCK) {
    auto pack = fetch<WIDTH<Bits>>(bits + i * WIDTH<Bits>);
#pragma unroll
    for (int k = 0; k < WIDTH<Bits>; k++) finite = finite && (pack.at[k] & exponent) != exponent;
  }
#pragma unroll 1
  for (long long i = packs * WIDTH<Bits> + threadIdx.x; i < elements; i += BLOCK) {
    finite = finite && (bits[i] & exponent) != exponent;
  }
  return finite;
}

// flag, which is 1 before, becomes 0 if a number in a run of the table is not finite; it does not matter which thread
// finds it. Bytes: all runs.
ENTRY(finite_check)(const Numbers* table, int* flag, int entries) {
  for (int entry = blockIdx.x; entry < entries; entry += gridDim.x) {
    Numbers numbers = table[entry];
    const void* at = numbers.address;
    bool finite;
    if (numbers.format == 1) {
      finite = allFinite(static_cast<const unsigned int*>(at), numbers.elements, 0x7f800000U);
    } else {
      auto bits = static_cast<const unsigned short*>(at);
      finite = allFinite(bits, numbers.elements, (unsigned short)(numbers.format == 2 ? 0x7c00 : 0x7f80));
    }
    if (!finite) *flag = 0;
  }
}
