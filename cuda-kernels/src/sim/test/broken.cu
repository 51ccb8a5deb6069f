// Kernels for the simulation's own tests; some are wrong on purpose.
#include <cuda_fp16.h>

// y[i] = x[i] + addend
extern "C" __global__ void test_add(const float *x, float *y, long long n, float addend) {
  for (long long i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) y[i] = x[i] + addend;
}

// sums[block] = sum of x over the block, through shared memory
extern "C" __global__ void test_block_sum(const float *x, float *sums) {
  DYNAMIC_SHARED(float, partial);
  partial[threadIdx.x] = x[blockIdx.x * blockDim.x + threadIdx.x];
  for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half) partial[threadIdx.x] += partial[threadIdx.x + half];
  }
  if (threadIdx.x == 0) sums[blockIdx.x] = partial[0];
}

template <class T>
__device__ T warp_sum(T value) {
  for (int distance = 16; distance > 0; distance /= 2) value += __shfl_down_sync(0xFFFFFFFFu, value, distance);
  return value;
}

// y[i] = lane 0's sum of the warp, by shuffles; votes[i] = lanes with an odd x
extern "C" __global__ void test_warp(const int *x, int *y, unsigned *votes, int *odd) {
  int i = threadIdx.x;
  y[i] = __shfl_sync(0xFFFFFFFFu, warp_sum(x[i]), 0);
  votes[i] = __ballot_sync(0xFFFFFFFFu, x[i] & 1);
  odd[i] = __syncthreads_count(x[i] & 1);
  // Half the warp exchanges once more than the other half; then all together again.
  if (i % 32 < 16) y[i] += __shfl_xor_sync(0x0000FFFFu, i, 1) - (i ^ 1);
  y[i] += __shfl_xor_sync(0xFFFFFFFFu, i, 16) - (i ^ 16);
}

// What shared memory holds before anything is written, in each block
extern "C" __global__ void test_unwritten_shared(float *y) {
  __shared__ float unwritten[32];
  y[blockIdx.x * blockDim.x + threadIdx.x] = unwritten[threadIdx.x];
  __syncthreads();
  unwritten[threadIdx.x] = 1;
}

// Without the barrier that it needs: the order of the threads shows.
extern "C" __global__ void test_race(float *y) {
  __shared__ float value;
  if (threadIdx.x == 5) value = 5;
  if (threadIdx.x == 20) value = 20;
  if (threadIdx.x == 10) y[0] = value;
}

extern "C" __global__ void test_divergent(float *y) {
  if (threadIdx.x < 7) __syncthreads();
  y[threadIdx.x] = 1;
}

extern "C" __global__ void test_absent_lane(float *y) {
  if (threadIdx.x == 3) return;
  y[threadIdx.x] = __shfl_xor_sync(0xFFFFFFFFu, 1.0f, 1);
}

extern "C" __global__ void test_dynamic_overrun(float *y) {
  DYNAMIC_SHARED(float, values);
  values[threadIdx.x] = 1;
  y[threadIdx.x] = values[threadIdx.x];
}

extern "C" __global__ void test_static_overrun(float *y) {
  __shared__ float values[16];
  values[threadIdx.x] = 1;
  y[threadIdx.x] = values[threadIdx.x];
}

extern "C" __global__ void test_vector(const float *x, float *y) {
  *reinterpret_cast<float4 *>(y) = *reinterpret_cast<const float4 *>(x);
}

extern "C" __global__ void test_write_at(float *y, long long index) { y[index] = 1; }

extern "C" __global__ void test_trap() { __trap(); }

extern "C" __global__ void __launch_bounds__(64) test_half(const __half *x, __half *y) {
  y[threadIdx.x] = __float2half(__half2float(x[threadIdx.x]) * 3);
}

// A parameter that the tests' PTX gives another size
extern "C" __global__ void test_changed(float *y, int n) { y[0] = n; }
