#include "problem.h"

#include <algorithm>

#include "../library/matrix.h"
#include "status.h"

namespace sim::cudnn {
namespace {

int extent(int in, int padding, int filter, int stride, int dilation) {
  int span = dilation * (filter - 1) + 1, room = in + 2 * padding - span;
  return room < 0 ? 0 : room / stride + 1;
}

/** The rows of the window matrix of one image and group: one row a position of y, one column a weight (h, w, c). */
class Windows {
 public:
  Windows(const Problem &problem, int group)
      : p_(problem), channels_(problem.w.c), first_(group * problem.w.c),
        width_(static_cast<size_t>(problem.w.h) * problem.w.w * problem.w.c) {}

  size_t width() const { return width_; }

  /** Calls body(where in x's image, where in the window matrix) for each run of a group's channels inside the image. */
  template <class Body>
  void each(size_t first_row, size_t rows, Body body) const {
    const Window &window = p_.window;
    for (size_t row = 0; row < rows; row++) {
      int top = static_cast<int>((first_row + row) / p_.y.w) * window.stride_h - window.padding_h;
      int left = static_cast<int>((first_row + row) % p_.y.w) * window.stride_w - window.padding_w;
      size_t column = row * width_;
      for (int i = 0; i < p_.w.h; i++) {
        for (int j = 0; j < p_.w.w; j++, column += channels_) {
          int h = top + i * window.dilation_h, w = left + j * window.dilation_w;
          if (h < 0 || w < 0 || h >= p_.x.h || w >= p_.x.w) continue;
          body((static_cast<size_t>(h) * p_.x.w + w) * p_.x.c + first_, column);
        }
      }
    }
  }

  void gather(const float *image, size_t first_row, size_t rows, std::vector<float> &matrix) const {
    matrix.assign(rows * width_, 0.0f);
    each(first_row, rows, [&](size_t from, size_t to) { std::copy_n(image + from, channels_, &matrix[to]); });
  }

  void scatter(const std::vector<float> &matrix, size_t first_row, size_t rows, float *image) const {
    each(first_row, rows, [&](size_t to, size_t from) {
      for (int c = 0; c < channels_; c++) image[to + c] += matrix[from + c];
    });
  }

 private:
  const Problem &p_;
  int channels_, first_;
  size_t width_;
};

/** Columns of a row-major matrix, the first ones moved to the end. */
std::vector<float> rotated_columns(const MatrixView &a, size_t rotation) {
  std::vector<float> result(a.rows * a.columns);
  for (size_t row = 0; row < a.rows; row++) {
    const float *from = a.start + row * a.stride;
    std::rotate_copy(from, from + rotation, from + a.columns, &result[row * a.columns]);
  }
  return result;
}

struct Part {
  const Problem &problem;
  Values &values;
  int image, group;
  size_t first_row, rows;  // positions of y

  size_t filters() const { return static_cast<size_t>(problem.w.n) / problem.window.groups; }
  float *x() const { return &values.x[static_cast<size_t>(image) * problem.x.c * problem.x.h * problem.x.w]; }
  float *y() const {
    size_t row = static_cast<size_t>(image) * problem.y.h * problem.y.w + first_row;
    return &values.y[row * problem.y.c + group * filters()];
  }
  float *w(const Windows &windows) const { return &values.w[group * filters() * windows.width()]; }
};

void forward(const Part &part, const Windows &windows, std::vector<float> &matrix) {
  windows.gather(part.x(), part.first_row, part.rows, matrix);
  size_t width = windows.width();
  std::vector<float> weights = transpose({part.w(windows), part.filters(), width, width});
  multiply_add({matrix.data(), part.rows, width, width}, {weights.data(), width, part.filters(), part.filters()},
               part.y(), part.problem.y.c);
}

void data(const Part &part, const Windows &windows, std::vector<float> &matrix, size_t rotation) {
  size_t width = windows.width(), filters = part.filters(), turn = rotation % filters;
  std::vector<float> dy = rotated_columns({part.y(), part.rows, filters, static_cast<size_t>(part.problem.y.c)}, turn);
  std::vector<float> weights(part.w(windows), part.w(windows) + filters * width);
  std::rotate(weights.begin(), weights.begin() + static_cast<long>(turn * width), weights.end());
  matrix.assign(part.rows * width, 0.0f);
  multiply_add({dy.data(), part.rows, filters, filters}, {weights.data(), filters, width, width}, matrix.data(), width);
  windows.scatter(matrix, part.first_row, part.rows, part.x());
}

void filter(const Part &part, const Windows &windows, std::vector<float> &matrix) {
  windows.gather(part.x(), part.first_row, part.rows, matrix);
  size_t width = windows.width(), filters = part.filters();
  std::vector<float> dy = transpose({part.y(), part.rows, filters, static_cast<size_t>(part.problem.y.c)});
  multiply_add({dy.data(), filters, part.rows, part.rows}, {matrix.data(), part.rows, width, width}, part.w(windows),
               width);
}

}  // namespace

Tensor output_of(const Tensor &x, const Tensor &w, const Window &window) {
  Tensor y = x;
  y.c = w.n;
  y.h = extent(x.h, window.padding_h, w.h, window.stride_h, window.dilation_h);
  y.w = extent(x.w, window.padding_w, w.w, window.stride_w, window.dilation_w);
  return y;
}

int Problem::check(const char *function) const {
  Tensor fitting = output_of(x, w, window);
  if (x.c != w.c * window.groups || w.n % window.groups || fitting.h < 1 || fitting.w < 1 || y.n != fitting.n ||
      y.c != fitting.c || y.h != fitting.h || y.w != fitting.w) {
    complain(function, "x %dx%dx%dx%d, w %dx%dx%dx%d in %d groups make y %dx%dx%dx%d, not %dx%dx%dx%d", x.n, x.c, x.h,
             x.w, w.n, w.c, w.h, w.w, window.groups, fitting.n, fitting.c, fitting.h, fitting.w, y.n, y.c, y.h, y.w);
    return BAD_PARAM;
  }
  if (x.type != w.type || x.type != y.type) {
    complain(function, "data types %d, %d, %d differ", x.type, w.type, y.type);
    return BAD_PARAM;
  }
  constexpr int kCrossCorrelation = 1, kFloat = 0;
  if (!x.channels_last || !w.channels_last || !y.channels_last || window.mode != kCrossCorrelation ||
      window.compute_type != kFloat) {
    complain(function, "only NHWC cross-correlation computed in float is simulated");
    return NOT_SUPPORTED;
  }
  return SUCCESS;
}

bool Problem::tf32() const {
  constexpr int kFma = 3;
  return x.format() == Format::FLOAT && window.math_type != kFma && capability_major() >= 8;
}

void convolve(const Problem &problem, Direction direction, Values &values, size_t rotation) {
  constexpr size_t kRows = 512;  // of the window matrix at once
  size_t positions = static_cast<size_t>(problem.y.h) * problem.y.w;
  std::vector<float> matrix;
  for (int group = 0; group < problem.window.groups; group++) {
    Windows windows(problem, group);
    for (int i = 0; i < problem.x.n; i++) {
      int image = static_cast<int>((i + (direction == Direction::FILTER ? rotation : 0)) % problem.x.n);
      for (size_t row = 0; row < positions; row += kRows) {
        Part part{problem, values, image, group, row, std::min(kRows, positions - row)};
        switch (direction) {
          case Direction::FORWARD: forward(part, windows, matrix); break;
          case Direction::DATA: data(part, windows, matrix, rotation); break;
          case Direction::FILTER: filter(part, windows, matrix); break;
        }
      }
    }
  }
}

}  // namespace sim::cudnn
