// Stand-in for CUDA's header of this name: half precision, computed through float.
#pragma once

#include "sim_half.h"
#include "sim_vector.h"

struct __half {
  uint16_t bits;
  __half() = default;
  __half(float value) : bits(::sim::half_of_float(value)) {}
  operator float() const { return ::sim::float_of_half(bits); }
};
struct alignas(4) __half2 {
  __half x, y;
};
static_assert(sizeof(__half) == 2 && sizeof(__half2) == 4);

using half = __half;
using half2 = __half2;

inline float __half2float(__half value) { return value; }
inline __half __float2half(float value) { return value; }
inline __half __float2half_rn(float value) { return value; }
inline float2 __half22float2(__half2 value) { return {value.x, value.y}; }
inline float __low2float(__half2 value) { return value.x; }
inline float __high2float(__half2 value) { return value.y; }
inline __half2 __floats2half2_rn(float x, float y) { return {x, y}; }
inline __half2 __float22half2_rn(float2 value) { return {value.x, value.y}; }
inline __half2 __halves2half2(__half x, __half y) { return {x, y}; }
inline __half2 make_half2(__half x, __half y) { return {x, y}; }
inline unsigned short __half_as_ushort(__half value) { return value.bits; }
inline short __half_as_short(__half value) { return static_cast<short>(value.bits); }
inline __half __ushort_as_half(unsigned short bits) { return std::bit_cast<__half>(bits); }
inline __half __short_as_half(short bits) { return std::bit_cast<__half>(bits); }
inline bool __hisnan(__half value) { return (value.bits & 0x7FFF) > 0x7C00; }
