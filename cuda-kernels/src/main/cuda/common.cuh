// What the kernels share: formats, accesses of 16 bytes, loops over the grid, sums in fixed order.
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>

// Shared memory whose size the launch gives; the simulation has a way of its own.
#ifndef DYNAMIC_SHARED
#define DYNAMIC_SHARED(T, name) extern __shared__ T name[]
#endif

constexpr int BLOCK = 256;
constexpr int WARP = 32;

// ENTRY(name)(parameters) { body } is a kernel.
#define ENTRY(name) extern "C" __global__ void __launch_bounds__(BLOCK) name

// Instantiates KERNEL(suffix, type) for the three formats.
#define FORMATS(KERNEL) KERNEL(f32, float) KERNEL(f16, __half) KERNEL(bf16, __nv_bfloat16)

#define DEVICE __device__ __forceinline__

// --- Formats: values are float in registers and rounded once when stored.

DEVICE float toFloat(float x) { return x; }
DEVICE float toFloat(unsigned char x) { return x; }
DEVICE float toFloat(__half x) { return __half2float(x); }
DEVICE float toFloat(__nv_bfloat16 x) { return __bfloat162float(x); }

template <typename T>
DEVICE T fromFloat(float x);
template <>
DEVICE float fromFloat<float>(float x) {
  return x;
}
template <>
DEVICE __half fromFloat<__half>(float x) {
  return __float2half_rn(x);
}
template <>
DEVICE __nv_bfloat16 fromFloat<__nv_bfloat16>(float x) {
  return __float2bfloat16(x);
}

DEVICE float notANumber() { return __int_as_float(0x7fffffff); }

// --- Accesses of 16 bytes.

// The number of elements of T in 16 bytes.
template <typename T>
constexpr int WIDTH = 16 / sizeof(T);

// Whether all addresses are multiples of 16.
template <typename... P>
DEVICE bool aligned(const P*... pointers) {
  return (((unsigned long long)pointers | ...) & 15) == 0;
}

// N neighbouring elements as floats.
template <int N>
struct Floats {
  float at[N];

  DEVICE float& operator[](int i) { return at[i]; }
  DEVICE float operator[](int i) const { return at[i]; }
};

// N neighbouring elements as they lie in memory.
template <int N, typename T>
struct alignas(N * sizeof(T)) Pack {
  T at[N];
};

// Reads N neighbours from an address aligned to all of them; 16 bytes in one access.
template <int N, typename T>
DEVICE Pack<N, T> fetch(const T* from) {
  if constexpr (N * sizeof(T) == 16) {
    uint4 bits = *reinterpret_cast<const uint4*>(from);
    Pack<N, T> pack;
    memcpy(&pack, &bits, 16);
    return pack;
  } else {
    return *reinterpret_cast<const Pack<N, T>*>(from);
  }
}

template <int N, typename T>
DEVICE Floats<N> widen(const Pack<N, T>& pack) {
  Floats<N> values;
#pragma unroll
  for (int i = 0; i < N; i++) values[i] = toFloat(pack.at[i]);
  return values;
}

template <int N, typename T>
DEVICE Floats<N> load(const T* from) {
  return widen(fetch<N>(from));
}

// Rounds N values and writes them, 16 bytes in one access.
template <int N, typename T>
DEVICE void store(T* to, const Floats<N>& values) {
  Pack<N, T> pack;
#pragma unroll
  for (int i = 0; i < N; i++) pack.at[i] = fromFloat<T>(values[i]);
  if constexpr (N * sizeof(T) == 16) {
    uint4 bits;
    memcpy(&bits, &pack, 16);
    *reinterpret_cast<uint4*>(to) = bits;
  } else {
    *reinterpret_cast<Pack<N, T>*>(to) = pack;
  }
}

// --- Loops over the grid.

// This thread among all of the grid's, along x.
DEVICE long long gridThread() { return (long long)blockIdx.x * blockDim.x + threadIdx.x; }
DEVICE long long gridThreads() { return (long long)gridDim.x * blockDim.x; }

// A compile-time number, to choose between single elements and 16 bytes.
template <int N>
struct Count {};

// Calls body(Count<WIDTH>, i) for every 16 bytes of n elements of T, then body(Count<1>, i) for the tail.
template <typename T, typename Body>
DEVICE void forEach(long long n, bool wide, Body body) {
  long long packs = wide ? n / WIDTH<T> : 0;
#pragma unroll 1
  for (long long i = gridThread(); i < packs; i += gridThreads()) body(Count<WIDTH<T>>{}, i * WIDTH<T>);
#pragma unroll 1
  for (long long i = packs * WIDTH<T> + gridThread(); i < n; i += gridThreads()) body(Count<1>{}, i);
}

// --- Sums and maxima in fixed order.

struct Sum {
  static DEVICE float join(float a, float b) { return a + b; }
};

// A NaN wins, as in Math.max.
struct Max {
  static DEVICE float neutral() { return -__builtin_huge_valf(); }
  static DEVICE float join(float a, float b) { return a != a || a > b ? a : b; }
};

// Joins the values of `lanes` neighbouring threads of a warp; lanes is a power of two; all of them get the result.
template <typename Op>
DEVICE float warpReduce(float value, int lanes = WARP) {
  for (int distance = lanes / 2; distance > 0; distance /= 2) {
    value = Op::join(value, __shfl_xor_sync(0xffffffffu, value, distance));
  }
  return value;
}

// Joins the values of all threads of a block of BLOCK threads; all of them get the result.
template <typename Op>
DEVICE float blockReduce(float value) {
  __shared__ float warps[BLOCK / WARP];
  value = warpReduce<Op>(value);
  __syncthreads();
  if (threadIdx.x % WARP == 0) warps[threadIdx.x / WARP] = value;
  __syncthreads();
  value = warps[0];
  for (int i = 1; i < BLOCK / WARP; i++) value = Op::join(value, warps[i]);
  return value;
}

// The threads that work on one row together: a warp for short rows, a block for long ones.
struct WarpTeam {
  static DEVICE int size() { return WARP; }
  template <typename Op>
  static DEVICE float reduce(float value) {
    return warpReduce<Op>(value);
  }
};

struct BlockTeam {
  static DEVICE int size() { return BLOCK; }
  template <typename Op>
  static DEVICE float reduce(float value) {
    return blockReduce<Op>(value);
  }
};

// Rows up to this length are a warp's work.
constexpr int SHORT_ROW = 256;

// Calls body(team, row, rank) for each row; all threads of a team come with the same row.
template <typename Body>
DEVICE void forEachRow(long long rows, long long length, Body body) {
  if (length <= SHORT_ROW) {
    for (long long row = gridThread() / WARP; row < rows; row += gridThreads() / WARP) {
      body(WarpTeam{}, row, (int)(threadIdx.x % WARP));
    }
  } else {
    for (long long row = blockIdx.x; row < rows; row += gridDim.x) body(BlockTeam{}, row, (int)threadIdx.x);
  }
}
