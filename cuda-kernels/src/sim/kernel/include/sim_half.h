// The two 16-bit formats: conversion to and from float, rounding to nearest even. Shared with the libraries.
#pragma once

#include <bit>
#include <cstdint>

namespace sim {

inline float float_of_half(uint16_t half) {
  uint32_t sign = (half & 0x8000u) << 16, magnitude = half & 0x7FFFu;
  if (magnitude >= 0x7C00) return std::bit_cast<float>(sign | 0x7F800000u | (magnitude & 0x3FF) << 13);
  if (magnitude < 0x0400) {  // subnormal: an integer times 2^-24
    float value = static_cast<float>(magnitude) * 0x1p-24f;
    return std::bit_cast<float>(sign | std::bit_cast<uint32_t>(value));
  }
  return std::bit_cast<float>(sign | ((magnitude << 13) + 0x38000000u));
}

inline uint16_t half_of_float(float value) {
  uint32_t bits = std::bit_cast<uint32_t>(value), sign = bits >> 16 & 0x8000, magnitude = bits & 0x7FFFFFFF;
  if (magnitude > 0x7F800000) return 0x7FFF;                                      // as CUDA's conversion of a NaN
  if (magnitude >= 0x47800000) return static_cast<uint16_t>(sign | 0x7C00);       // 2^16 and above
  if (magnitude < 0x38800000) {                                                   // below 2^-14: subnormal
    // The sum's last bit is worth 2^-24, so the addition itself rounds as wanted.
    float shifted = std::bit_cast<float>(magnitude) + 0.5f;
    return static_cast<uint16_t>(sign | (std::bit_cast<uint32_t>(shifted) - 0x3F000000));
  }
  uint32_t rounded = magnitude + 0xFFF + (magnitude >> 13 & 1) - 0x38000000;      // carries into infinity if it must
  return static_cast<uint16_t>(sign | rounded >> 13);
}

inline float float_of_bfloat16(uint16_t value) { return std::bit_cast<float>(static_cast<uint32_t>(value) << 16); }

inline uint16_t bfloat16_of_float(float value) {
  uint32_t bits = std::bit_cast<uint32_t>(value);
  if ((bits & 0x7FFFFFFF) > 0x7F800000) return 0x7FFF;
  return static_cast<uint16_t>((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

}  // namespace sim
