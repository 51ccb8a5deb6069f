// What nvcc gives every .cu without an include; build-sim includes it first.
#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <cfloat>
#include <climits>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <type_traits>

#include "sim_atomic.h"
#include "sim_intrinsics.h"
#include "sim_thread.h"
#include "sim_vector.h"
#include "sim_warp.h"

#ifndef SIM_GLOBAL
#define SIM_GLOBAL  // a mark while build-sim looks for kernels
#endif
#define __global__ SIM_GLOBAL
#define __device__
#define __host__
#define __constant__ static
#define __shared__ static  // one block runs at a time; build-sim gathers these in a section that is poisoned for each
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __restrict__ __restrict
#define __align__(bytes) alignas(bytes)
#define DYNAMIC_SHARED(type, name) type *name = static_cast<type *>(::sim::dynamic_shared())

#define threadIdx (::sim::indices.thread)
#define blockIdx (::sim::indices.block)
#define blockDim (::sim::indices.block_extent)
#define gridDim (::sim::indices.grid_extent)
#define warpSize 32

using std::max;
using std::min;
