// cuRAND: uniform and normal numbers from Philox 4x32-10, whatever generator is asked for. Not NVIDIA's sequences.
#include <cmath>
#include <cstdint>
#include <memory>

#include "../driver/library.h"

#define CURAND_API extern "C" SIM_EXPORT int

namespace sim::curand {
namespace {

enum Status : int {
  SUCCESS = 0,
  NOT_INITIALIZED = 101,
  TYPE_ERROR = 103,
  LENGTH_NOT_MULTIPLE = 105,
  LAUNCH_FAILURE = 201,
};

constexpr int kVersion = 100307;

struct Generator {
  Stream *stream = nullptr;
  uint64_t seed = 0, position = 0;  // of the next number
};

/** The number at a position of the sequence of a seed. */
uint32_t bits_at(uint64_t seed, uint64_t position) {
  uint32_t counter[4] = {static_cast<uint32_t>(position / 4), static_cast<uint32_t>(position / 4 >> 32), 0, 0};
  uint32_t key[2] = {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)};
  for (int round = 0; round < 10; round++) {
    uint64_t first = uint64_t{0xD2511F53} * counter[0], second = uint64_t{0xCD9E8D57} * counter[2];
    uint32_t next[4] = {static_cast<uint32_t>(second >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(second),
                        static_cast<uint32_t>(first >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(first)};
    for (int i = 0; i < 4; i++) counter[i] = next[i];
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter[position % 4];
}

/** In (0, 1], as cuRAND's. */
float uniform_at(uint64_t seed, uint64_t position) {
  return (static_cast<float>(bits_at(seed, position) >> 8) + 1.0f) * 0x1p-24f;
}

float normal_at(uint64_t seed, uint64_t position) {
  uint64_t pair = position & ~uint64_t{1};
  float radius = std::sqrt(-2.0f * std::log(uniform_at(seed, pair)));
  float angle = 6.2831853f * uniform_at(seed, pair + 1);
  return radius * (position & 1 ? std::sin(angle) : std::cos(angle));
}

template <class T, class Number>
int generate(const char *function, Generator *generator, T *to, size_t count, Number number) {
  if (int fault = library_call(function)) return fault;
  if (!generator) return NOT_INITIALIZED;
  auto work = [=, seed = generator->seed, start = generator->position] {
    for (size_t i = 0; i < count; i++) to[i] = number(seed, start + i);
  };
  if (submit_library_work(generator->stream, function, {{to, count * sizeof(T)}}, work)) return LAUNCH_FAILURE;
  generator->position += count;
  return SUCCESS;
}

template <class Body>
int call(const char *function, Generator *generator, Body body) {
  if (int fault = library_call(function)) return fault;
  if (!generator) return NOT_INITIALIZED;
  body();
  return SUCCESS;
}

}  // namespace

CURAND_API curandCreateGenerator(Generator **generator, int type) {
  if (int fault = library_call(__func__)) return fault;
  if (type < 100 || type >= 200) return TYPE_ERROR;  // pseudo-random ones only
  if (!context_usable()) return NOT_INITIALIZED;
  *generator = new Generator;
  return SUCCESS;
}

CURAND_API curandDestroyGenerator(Generator *generator) {
  return call(__func__, generator, [=] { delete generator; });
}

CURAND_API curandSetStream(Generator *generator, Stream *stream) {
  return call(__func__, generator, [=] { generator->stream = stream; });
}

CURAND_API curandSetPseudoRandomGeneratorSeed(Generator *generator, unsigned long long seed) {
  return call(__func__, generator, [=] { generator->seed = seed, generator->position = 0; });
}

CURAND_API curandSetGeneratorOffset(Generator *generator, unsigned long long offset) {
  return call(__func__, generator, [=] { generator->position = offset; });
}

CURAND_API curandSetGeneratorOrdering(Generator *generator, int) {
  return call(__func__, generator, [] {});
}

CURAND_API curandGenerateSeeds(Generator *generator) {
  return call(__func__, generator, [] {});
}

CURAND_API curandGenerate(Generator *generator, unsigned *to, size_t count) {
  return generate(__func__, generator, to, count, bits_at);
}

CURAND_API curandGenerateUniform(Generator *generator, float *to, size_t count) {
  return generate(__func__, generator, to, count, uniform_at);
}

CURAND_API curandGenerateNormal(Generator *generator, float *to, size_t count, float mean, float deviation) {
  if (count % 2) return LENGTH_NOT_MULTIPLE;
  return generate(__func__, generator, to, count,
                  [=](uint64_t seed, uint64_t position) { return mean + deviation * normal_at(seed, position); });
}

CURAND_API curandGetVersion(int *version) {
  *version = kVersion;
  return SUCCESS;
}

CURAND_API curandGetProperty(int part, int *value) {
  const int parts[] = {kVersion / 10000, kVersion / 100 % 100, kVersion % 100};
  if (part < 0 || part > 2) return 103;
  *value = parts[part];
  return SUCCESS;
}

}  // namespace sim::curand
