// The arithmetic that the simulated libraries share: float32 throughout.
#pragma once

#include <cstddef>
#include <vector>

namespace sim {

/** A row-major matrix somewhere in memory. */
struct MatrixView {
  const float *start;
  size_t rows, columns, stride;
};

/** c += a · b for row-major c with rows `c_stride` apart; each element's products are summed in order. */
void multiply_add(const MatrixView &a, const MatrixView &b, float *c, size_t c_stride);

/** The transpose, dense. */
std::vector<float> transpose(const MatrixView &a);

}  // namespace sim
