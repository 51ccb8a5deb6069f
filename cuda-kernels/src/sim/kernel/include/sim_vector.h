// CUDA's vector types.
#pragma once

#define SIM_VECTOR_2(name, scalar, bytes)                                    \
  struct alignas(bytes) name {                                               \
    scalar x, y;                                                             \
  };                                                                         \
  inline name make_##name(scalar x, scalar y) { return {x, y}; }
#define SIM_VECTOR_3(name, scalar)                                           \
  struct name {                                                              \
    scalar x, y, z;                                                          \
  };                                                                         \
  inline name make_##name(scalar x, scalar y, scalar z) { return {x, y, z}; }
#define SIM_VECTOR_4(name, scalar, bytes)                                    \
  struct alignas(bytes) name {                                               \
    scalar x, y, z, w;                                                       \
  };                                                                         \
  inline name make_##name(scalar x, scalar y, scalar z, scalar w) { return {x, y, z, w}; }
#define SIM_VECTORS(prefix, scalar)                                          \
  SIM_VECTOR_2(prefix##2, scalar, 2 * sizeof(scalar))                        \
  SIM_VECTOR_3(prefix##3, scalar)                                            \
  SIM_VECTOR_4(prefix##4, scalar, (4 * sizeof(scalar) < 16 ? 4 * sizeof(scalar) : 16))

SIM_VECTORS(char, signed char)
SIM_VECTORS(uchar, unsigned char)
SIM_VECTORS(short, short)
SIM_VECTORS(ushort, unsigned short)
SIM_VECTORS(int, int)
SIM_VECTORS(uint, unsigned)
SIM_VECTORS(longlong, long long)
SIM_VECTORS(ulonglong, unsigned long long)
SIM_VECTORS(float, float)
SIM_VECTORS(double, double)

#undef SIM_VECTORS
#undef SIM_VECTOR_2
#undef SIM_VECTOR_3
#undef SIM_VECTOR_4
