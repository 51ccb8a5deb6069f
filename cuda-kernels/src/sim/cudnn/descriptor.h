// Descriptors of tensors, filters and convolutions.
#pragma once

#include <cstddef>
#include <optional>

#include "../library/format.h"

namespace sim::cudnn {

/** A tensor (n, c, h, w) or a filter (k, c, h, w). */
struct Tensor {
  int type = -1;  // cudnnDataType_t
  bool channels_last = false;
  int n = 0, c = 0, h = 0, w = 0;

  size_t elements() const { return static_cast<size_t>(n) * c * h * w; }
  std::optional<Format> format() const;
  size_t bytes() const;
};

struct Window {
  int padding_h = 0, padding_w = 0, stride_h = 1, stride_w = 1, dilation_h = 1, dilation_w = 1;
  int mode = 0;          // cudnnConvolutionMode_t
  int compute_type = 0;  // cudnnDataType_t
  int math_type = 0;     // cudnnMathType_t
  int groups = 1;
};

}  // namespace sim::cudnn
