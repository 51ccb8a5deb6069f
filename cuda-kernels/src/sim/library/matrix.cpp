#include "matrix.h"

#include <algorithm>
#include <cstring>

namespace sim {
namespace {

typedef float Vector __attribute__((vector_size(32)));

constexpr size_t kWidth = 8, kVectors = 2;  // of a row of the part of c that is kept in registers
constexpr size_t kRows = 4, kColumns = kVectors * kWidth;

/** `rows` by `columns` elements of c; `panel` holds kColumns columns of b, row after row. */
template <size_t rows>
void multiply_panel(const float *a, size_t a_stride, const std::vector<Vector> &panel, float *c, size_t c_stride,
                    size_t columns) {
  Vector sums[rows][kVectors] = {};
  for (const Vector *b = panel.data(), *end = b + panel.size(); b < end; b += kVectors, a++) {
    for (size_t i = 0; i < rows; i++) {
      for (size_t j = 0; j < kVectors; j++) sums[i][j] += a[i * a_stride] * b[j];
    }
  }
  for (size_t i = 0; i < rows; i++) {
    const float *values = reinterpret_cast<const float *>(sums[i]);
    for (size_t j = 0; j < columns; j++) c[i * c_stride + j] += values[j];
  }
}

}  // namespace

void multiply_add(const MatrixView &a, const MatrixView &b, float *c, size_t c_stride) {
  std::vector<Vector> panel(b.rows * kVectors);
  for (size_t column = 0; column < b.columns; column += kColumns) {
    size_t columns = std::min(kColumns, b.columns - column);
    for (size_t k = 0; k < b.rows; k++) {
      memcpy(&panel[k * kVectors], b.start + k * b.stride + column, columns * sizeof(float));
    }
    size_t row = 0;
    auto left = [&] { return a.start + row * a.stride; };
    auto result = [&] { return c + row * c_stride + column; };
    for (; row + kRows <= a.rows; row += kRows) multiply_panel<kRows>(left(), a.stride, panel, result(), c_stride, columns);
    for (; row < a.rows; row++) multiply_panel<1>(left(), a.stride, panel, result(), c_stride, columns);
  }
}

std::vector<float> transpose(const MatrixView &a) {
  std::vector<float> result(a.rows * a.columns);
  for (size_t row = 0; row < a.rows; row++) {
    for (size_t column = 0; column < a.columns; column++) result[column * a.rows + row] = a.start[row * a.stride + column];
  }
  return result;
}

}  // namespace sim
