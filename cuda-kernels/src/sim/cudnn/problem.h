// A convolution as the loops see it: float32, channels last, one image and one group at a time.
#pragma once

#include <vector>

#include "descriptor.h"

namespace sim::cudnn {

enum class Direction { FORWARD, DATA, FILTER };

struct Problem {
  Tensor x, w, y;
  Window window;

  /** 0 or the status of what does not fit, which is printed. */
  int check(const char *function) const;
  /** Whether float32 operands are rounded to TF32. */
  bool tf32() const;
};

/** The extents of y that x, w and the window make. */
Tensor output_of(const Tensor &x, const Tensor &w, const Window &window);

/** Operands of one direction: each of x, w, y is read or, being the result, accumulated into; all float32. */
struct Values {
  std::vector<float> x, w, y;
};

/**
 * Adds the convolution of the other two to the result. `rotation` turns the order of a sum: of output channels for
 * DATA, of images for FILTER.
 */
void convolve(const Problem &problem, Direction direction, Values &values, size_t rotation);

}  // namespace sim::cudnn
