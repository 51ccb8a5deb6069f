// Elements moved, joined, cut out and repeated, in units of 1 to 16 bytes: the caller picks the widest unit that
// divides every extent, step and address, so there are no tails.
//
// Launch: items = units of y. Bytes: x + y; broadcast reads its few elements from the caches.
#include "common.cuh"

struct alignas(16) Unit16 {
  unsigned long long low, high;
};

// Instantiates KERNEL(suffix, type) for every width.
#define UNITS(KERNEL)                                                                                                  \
  KERNEL(b1, unsigned char)                                                                                            \
  KERNEL(b2, unsigned short) KERNEL(b4, unsigned int) KERNEL(b8, unsigned long long) KERNEL(b16, Unit16)

// y = pattern, 8 bytes again and again; y is aligned to 16. Items bytes / 16.
ENTRY(fill)(unsigned long long* y, unsigned long long pattern, long long bytes) {
  long long units = bytes / 16;
  for (long long i = gridThread(); i < units; i += gridThreads()) {
    reinterpret_cast<Unit16*>(y)[i] = Unit16{pattern, pattern};
  }
  for (long long i = units * 16 + gridThread(); i < bytes; i += gridThreads()) {
    reinterpret_cast<unsigned char*>(y)[i] = (unsigned char)(pattern >> (i % 8 * 8));
  }
}

// Row r of `width` units from x + r · xPitch to y + r · yPitch. Concatenation writes each operand between the others,
// slicing reads from between: with `outer` the product of the extents before the axis in memory and `inner` of those
// behind it, rows = outer and width = extent · inner.
template <typename U>
DEVICE void copyRows(const U* __restrict__ x, U* __restrict__ y, long long rows, long long width, long long xPitch,
                     long long yPitch) {
  long long n = rows * width;
#pragma unroll 1
  for (long long i = gridThread(); i < n; i += gridThreads()) {
    long long row = i / width;
    long long column = i - row * width;
    y[row * yPitch + column] = x[row * xPitch + column];
  }
}

#define COPY_ROWS(U, T)                                                                                                \
  ENTRY(copy_rows_##U)                                                                                                 \
  (const T* x, T* y, long long rows, long long width, long long xPitch, long long yPitch) {                            \
    copyRows(x, y, rows, width, xPitch, yPitch);                                                                       \
  }
UNITS(COPY_ROWS)

// Cuts the last of the indices that `rest` joins off it and returns it.
DEVICE long long cut(long long& rest, long long extent) {
  long long whole = rest / extent;
  long long index = rest - whole * extent;
  rest = whole;
  return index;
}

// y [y0,y1,y2,y3] = x [x0,x1,x2,x3] from index b0,b1,b2,b3 on, zero around it.
template <typename U>
DEVICE void pad(const U* __restrict__ x, U* __restrict__ y, long long y0, long long y1, long long y2, long long y3,
                long long x0, long long x1, long long x2, long long x3, long long b0, long long b1, long long b2,
                long long b3) {
  long long n = y0 * y1 * y2 * y3;
#pragma unroll 1
  for (long long i = gridThread(); i < n; i += gridThreads()) {
    long long rest = i;
    long long i3 = cut(rest, y3) - b3;
    long long i2 = cut(rest, y2) - b2;
    long long i1 = cut(rest, y1) - b1;
    long long i0 = rest - b0;
    bool inside = i0 >= 0 && i0 < x0 && i1 >= 0 && i1 < x1 && i2 >= 0 && i2 < x2 && i3 >= 0 && i3 < x3;
    y[i] = inside ? x[((i0 * x1 + i1) * x2 + i2) * x3 + i3] : U{};
  }
}

#define PAD(U, T)                                                                                                      \
  ENTRY(pad_##U)                                                                                                       \
  (const T* x, T* y, long long y0, long long y1, long long y2, long long y3, long long x0, long long x1,               \
   long long x2, long long x3, long long b0, long long b1, long long b2, long long b3) {                               \
    pad(x, y, y0, y1, y2, y3, x0, x1, x2, x3, b0, b1, b2, b3);                                                         \
  }
UNITS(PAD)

// y, dense [e0,…,e5], = x at Σ index · step; a step of 0 repeats.
template <typename U>
DEVICE void gather(const U* __restrict__ x, U* __restrict__ y, long long e0, long long e1, long long e2, long long e3,
                   long long e4, long long e5, long long s0, long long s1, long long s2, long long s3, long long s4,
                   long long s5) {
  long long n = e0 * e1 * e2 * e3 * e4 * e5;
#pragma unroll 1
  for (long long i = gridThread(); i < n; i += gridThreads()) {
    long long rest = i;
    long long from = cut(rest, e5) * s5;
    from += cut(rest, e4) * s4;
    from += cut(rest, e3) * s3;
    from += cut(rest, e2) * s2;
    from += cut(rest, e1) * s1;
    y[i] = x[from + rest * s0];
  }
}

#define GATHER(U, T)                                                                                                   \
  ENTRY(gather_##U)                                                                                                    \
  (const T* x, T* y, long long e0, long long e1, long long e2, long long e3, long long e4, long long e5,               \
   long long s0, long long s1, long long s2, long long s3, long long s4, long long s5) {                               \
    gather(x, y, e0, e1, e2, e3, e4, e5, s0, s1, s2, s3, s4, s5);                                                      \
  }
UNITS(GATHER)

// x [batch,rows,columns] to y [batch,columns,rows] by tiles of 32 × 32 through shared memory, so that both sides are
// read and written along rows. Items batch · ⌈rows / 32⌉ · ⌈columns / 32⌉ · 256.
template <typename U>
DEVICE void transpose(const U* __restrict__ x, U* __restrict__ y, long long batch, long long rows, long long columns) {
  constexpr int TILE = 32;
  __shared__ U tile[TILE][TILE + 1];
  long long across = (columns + TILE - 1) / TILE;
  long long down = (rows + TILE - 1) / TILE;
  int lane = threadIdx.x % TILE;
  int line = threadIdx.x / TILE;
  for (long long t = blockIdx.x; t < batch * down * across; t += gridDim.x) {
    long long rest = t;
    long long column = cut(rest, across) * TILE;
    long long row = cut(rest, down) * TILE;
    const U* from = x + rest * rows * columns;
    U* to = y + rest * rows * columns;
    for (int k = line; k < TILE; k += BLOCK / TILE) {
      if (row + k < rows && column + lane < columns) tile[k][lane] = from[(row + k) * columns + column + lane];
    }
    __syncthreads();
    for (int k = line; k < TILE; k += BLOCK / TILE) {
      if (column + k < columns && row + lane < rows) to[(column + k) * rows + row + lane] = tile[lane][k];
    }
    __syncthreads();
  }
}

#define TRANSPOSE(U, T)                                                                                                \
  ENTRY(transpose_##U)(const T* x, T* y, long long batch, long long rows, long long columns) {                         \
    transpose(x, y, batch, rows, columns);                                                                             \
  }
TRANSPOSE(b1, unsigned char)
TRANSPOSE(b2, unsigned short)
TRANSPOSE(b4, unsigned int)
TRANSPOSE(b8, unsigned long long)
