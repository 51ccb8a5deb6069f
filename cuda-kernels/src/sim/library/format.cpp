#include "format.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "../kernel/include/sim_half.h"

namespace sim {
namespace {

template <float convert(uint16_t)>
void load_as(const void *from, float *to, size_t n) {
  const uint16_t *values = static_cast<const uint16_t *>(from);
  for (size_t i = 0; i < n; i++) to[i] = convert(values[i]);
}

template <class T, class Read, class Write>
void blend(const float *values, T *to, size_t n, float alpha, float beta, Read read, Write write) {
  if (beta == 0) {
    for (size_t i = 0; i < n; i++) to[i] = write(alpha * values[i]);
  } else {
    for (size_t i = 0; i < n; i++) to[i] = write(alpha * values[i] + beta * read(to[i]));
  }
}

}  // namespace

size_t bytes_of(Format format) { return format == Format::FLOAT ? 4 : 2; }

void load(Format format, const void *from, float *to, size_t n) {
  switch (format) {
    case Format::FLOAT: memcpy(to, from, n * sizeof(float)); break;
    case Format::HALF: load_as<float_of_half>(from, to, n); break;
    case Format::BFLOAT16: load_as<float_of_bfloat16>(from, to, n); break;
  }
}

void store(Format format, const float *values, void *to, size_t n, float alpha, float beta) {
  auto same = [](float x) { return x; };
  uint16_t *narrow = static_cast<uint16_t *>(to);
  switch (format) {
    case Format::FLOAT: blend(values, static_cast<float *>(to), n, alpha, beta, same, same); break;
    case Format::HALF: blend(values, narrow, n, alpha, beta, float_of_half, half_of_float); break;
    case Format::BFLOAT16: blend(values, narrow, n, alpha, beta, float_of_bfloat16, bfloat16_of_float); break;
  }
}

void round_to_tf32(float *values, size_t n) {
  for (size_t i = 0; i < n; i++) {
    uint32_t bits = std::bit_cast<uint32_t>(values[i]);
    if ((bits & 0x7F800000) != 0x7F800000) values[i] = std::bit_cast<float>((bits + 0x1000) & ~0x1FFFu);
  }
}

void scribble(void *workspace, size_t bytes) {
  constexpr size_t kEnough = 1 << 20;  // both ends of a large one
  char *start = static_cast<char *>(workspace);
  size_t head = std::min(bytes, kEnough), tail = std::min(bytes - head, kEnough);
  memset(start, 0xFF, head);
  memset(start + bytes - tail, 0xFF, tail);
}

}  // namespace sim
