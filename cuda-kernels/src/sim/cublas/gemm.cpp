// Matrix products: column-major, in the formats of the networks, accumulated in float32.
#include <optional>
#include <vector>

#include "../library/format.h"
#include "../library/matrix.h"
#include "handle.h"

namespace sim::cublas {
namespace {

struct Factor {
  const void *start;
  Format format;
  int stride;           // between columns
  long long batch;      // elements between matrices
  bool transposed;
  int rows, columns;    // in memory
};

struct Product {
  int m, n, k, count;
  Factor a, b, c;
  const float *alpha, *beta;
  bool device_scalars, tf32, exact;
};

std::optional<Format> format_of(int type) {
  switch (type) {
    case 0: return Format::FLOAT;       // CUDA_R_32F
    case 2: return Format::HALF;        // CUDA_R_16F
    case 14: return Format::BFLOAT16;   // CUDA_R_16BF
    default: return std::nullopt;
  }
}

const char *address(const Factor &factor, int index) {
  return static_cast<const char *>(factor.start) + static_cast<size_t>(factor.batch) * index * bytes_of(factor.format);
}

size_t bytes_of_all(const Factor &factor, int count) {
  if (!count || !factor.rows || !factor.columns) return 0;
  size_t elements = static_cast<size_t>(factor.stride) * (factor.columns - 1) + factor.rows;
  return (elements + static_cast<size_t>(factor.batch) * (count - 1)) * bytes_of(factor.format);
}

/** op(matrix) as a row-major matrix of the transpose: what is a column in memory becomes a row. */
std::vector<float> read(const Factor &factor, int index, bool transpose_again, bool tf32) {
  std::vector<float> values(static_cast<size_t>(factor.rows) * factor.columns);
  for (int column = 0; column < factor.columns; column++) {
    load(factor.format, address(factor, index) + static_cast<size_t>(column) * factor.stride * bytes_of(factor.format),
         &values[static_cast<size_t>(column) * factor.rows], factor.rows);
  }
  if (tf32) round_to_tf32(values.data(), values.size());
  if (!transpose_again) return values;
  size_t rows = factor.rows, columns = factor.columns;
  return transpose({values.data(), columns, rows, rows});
}

void round_to(Format format, std::vector<float> &values) {
  std::vector<char> rounded(values.size() * bytes_of(format));
  store(format, values.data(), rounded.data(), values.size(), 1, 0);
  load(format, rounded.data(), values.data(), values.size());
}

/** In row-major terms, c transposed = op(b) transposed · op(a) transposed. */
void run(const Product &product, int index) {
  size_t m = product.m, n = product.n, k = product.k;
  std::vector<float> left = read(product.b, index, product.b.transposed, product.tf32);
  std::vector<float> right = read(product.a, index, product.a.transposed, product.tf32);
  std::vector<float> sums(m * n);
  // Where cuBLAS divides the depth, it adds up the parts in the format of the result unless told not to.
  size_t part = product.exact ? 0 : k / 2;
  multiply_add({left.data(), n, part, k}, {right.data(), part, m, m}, sums.data(), m);
  round_to(product.c.format, sums);
  multiply_add({left.data() + part, n, k - part, k}, {right.data() + part * m, k - part, m, m}, sums.data(), m);
  for (size_t column = 0; column < n; column++) {
    char *to = const_cast<char *>(address(product.c, index)) + column * product.c.stride * bytes_of(product.c.format);
    store(product.c.format, &sums[column * m], to, m, *product.alpha, *product.beta);
  }
}

int submit(const char *function, Handle &handle, Product product) {
  if (is_capturing(handle.stream) && handle.used.start == handle.own.start) {
    complain(function, "capturing needs a workspace set by cublasSetWorkspace after cublasSetStream");
    return ALLOC_FAILED;
  }
  std::vector<Operand> operands = {{product.a.start, bytes_of_all(product.a, product.count)},
                                   {product.b.start, bytes_of_all(product.b, product.count)},
                                   {product.c.start, bytes_of_all(product.c, product.count)},
                                   {handle.used.start, handle.used.bytes}};
  float alpha = 0, beta = 0;
  if (product.device_scalars) {
    operands.push_back({product.alpha, sizeof(float)});
    operands.push_back({product.beta, sizeof(float)});
  } else {
    alpha = *product.alpha;
    beta = *product.beta;
  }
  auto work = [=, workspace = handle.used] {
    Product now = product;
    if (!product.device_scalars) now.alpha = &alpha, now.beta = &beta;
    scribble(workspace.start, workspace.bytes);
    for (int index = 0; index < product.count; index++) run(now, index);
  };
  int failed = submit_library_work(handle.stream, function, std::move(operands), std::move(work));
  return failed ? EXECUTION_FAILED : SUCCESS;
}

struct Matrix {
  const void *start;
  int type, stride;
  long long batch;
};

int multiply(const char *function, Handle &handle, int transpose_a, int transpose_b, int m, int n, int k,
             const void *alpha, const Matrix &a, const Matrix &b, const void *beta, const Matrix &c, int count,
             int compute) {
  constexpr int kCompute32 = 68, kCompute32Pedantic = 69, kComputeTf32 = 77, kMathTf32 = 3;
  constexpr int kDisallowReducedPrecisionReduction = 16;
  auto format_a = format_of(a.type), format_b = format_of(b.type), format_c = format_of(c.type);
  bool wide_c = c.type == 0 && a.type != 0;  // 16-bit factors, float32 product
  if (!format_a || !format_b || !format_c || a.type != b.type || (c.type != a.type && !wide_c)) {
    complain(function, "formats %d, %d, %d are not simulated together", a.type, b.type, c.type);
    return NOT_SUPPORTED;
  }
  if (compute != kCompute32 && compute != kCompute32Pedantic && compute != kComputeTf32) {
    complain(function, "compute type %d is not simulated", compute);
    return NOT_SUPPORTED;
  }
  bool flip_a = transpose_a != 0, flip_b = transpose_b != 0;
  Factor left{a.start, *format_a, a.stride, a.batch, flip_a, flip_a ? k : m, flip_a ? m : k};
  Factor right{b.start, *format_b, b.stride, b.batch, flip_b, flip_b ? n : k, flip_b ? k : n};
  Factor result{c.start, *format_c, c.stride, c.batch, false, m, n};
  if (m < 0 || n < 0 || k < 0 || count < 0 || transpose_a < 0 || transpose_a > 1 || transpose_b < 0 ||
      transpose_b > 1 || a.stride < std::max(1, left.rows) || b.stride < std::max(1, right.rows) ||
      c.stride < std::max(1, m)) {
    complain(function, "m=%d n=%d k=%d lda=%d ldb=%d ldc=%d", m, n, k, a.stride, b.stride, c.stride);
    return INVALID_VALUE;
  }
  bool tf32 = a.type == 0 && capability_major() >= 8 && compute != kCompute32Pedantic &&
              (compute == kComputeTf32 || (handle.math_mode & ~kDisallowReducedPrecisionReduction) == kMathTf32);
  bool exact = handle.math_mode & kDisallowReducedPrecisionReduction;
  return submit(function, handle,
                {m, n, k, count, left, right, result, static_cast<const float *>(alpha),
                 static_cast<const float *>(beta), handle.device_scalars, tf32, exact});
}

}  // namespace

CUBLAS_API cublasGemmEx(Handle *handle, int transpose_a, int transpose_b, int m, int n, int k, const void *alpha,
                        const void *a, int type_a, int lda, const void *b, int type_b, int ldb, const void *beta,
                        void *c, int type_c, int ldc, int compute, int) {
  return call(__func__, handle, [=, function = __func__](Handle &handle) {
    return multiply(function, handle, transpose_a, transpose_b, m, n, k, alpha, {a, type_a, lda, 0},
                    {b, type_b, ldb, 0}, beta, {c, type_c, ldc, 0}, 1, compute);
  });
}

CUBLAS_API cublasGemmStridedBatchedEx(Handle *handle, int transpose_a, int transpose_b, int m, int n, int k,
                                      const void *alpha, const void *a, int type_a, int lda, long long stride_a,
                                      const void *b, int type_b, int ldb, long long stride_b, const void *beta,
                                      void *c, int type_c, int ldc, long long stride_c, int count, int compute, int) {
  return call(__func__, handle, [=, function = __func__](Handle &handle) {
    return multiply(function, handle, transpose_a, transpose_b, m, n, k, alpha, {a, type_a, lda, stride_a},
                    {b, type_b, ldb, stride_b}, beta, {c, type_c, ldc, stride_c}, count, compute);
  });
}

}  // namespace sim::cublas
