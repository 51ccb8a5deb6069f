#include "matrix.h"

#include <algorithm>

namespace sim {
namespace {

constexpr size_t kRows = 4, kColumns = 16;  // of the part of c that is kept in registers

/** `rows` by kColumns elements of c; `panel` holds kColumns columns of b, row after row. */
template <size_t rows>
void multiply_panel(const MatrixView &a, size_t row, const float *panel, float *c, size_t c_stride, size_t columns) {
  float sums[rows][kColumns] = {};
  const float *left = a.start + row * a.stride;
  for (size_t k = 0; k < a.columns; k++) {
    for (size_t i = 0; i < rows; i++) {
      float factor = left[i * a.stride + k];
      for (size_t j = 0; j < kColumns; j++) sums[i][j] += factor * panel[k * kColumns + j];
    }
  }
  for (size_t i = 0; i < rows; i++) {
    for (size_t j = 0; j < columns; j++) c[(row + i) * c_stride + j] += sums[i][j];
  }
}

}  // namespace

void multiply_add(const MatrixView &a, const MatrixView &b, float *c, size_t c_stride) {
  std::vector<float> panel(b.rows * kColumns);
  for (size_t column = 0; column < b.columns; column += kColumns) {
    size_t columns = std::min(kColumns, b.columns - column);
    for (size_t k = 0; k < b.rows; k++) {
      const float *from = b.start + k * b.stride + column;
      std::fill(std::copy_n(from, columns, &panel[k * kColumns]), &panel[k * kColumns] + kColumns, 0.0f);
    }
    size_t row = 0;
    for (; row + kRows <= a.rows; row += kRows) multiply_panel<kRows>(a, row, panel.data(), c + column, c_stride, columns);
    for (; row < a.rows; row++) multiply_panel<1>(a, row, panel.data(), c + column, c_stride, columns);
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
