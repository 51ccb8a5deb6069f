// The interface's part on choosing algorithms: it runs each one, as cuDNN does, but the times are a fixed ranking.
#include <algorithm>

#include "algorithm.h"
#include "status.h"

namespace sim::cudnn {
namespace {

/** cudnnConvolution…AlgoPerf_t */
struct Performance {
  int algorithm, status;
  float milliseconds;
  size_t memory;
  int deterministic, math_type;
  int reserved[3];
};
static_assert(sizeof(Performance) == 48);

Performance try_algorithm(const char *function, Handle *handle, const Problem &problem, Direction direction,
                          const Algorithm &algorithm, const Call &call) {
  size_t memory = workspace_bytes(algorithm, problem);
  Performance result{algorithm.number,        NOT_SUPPORTED,            -1.0f, memory,
                     algorithm.deterministic, problem.window.math_type, {}};
  if (memory > call.workspace_bytes) return result;
  result.status = submit(function, handle->stream, problem, direction, algorithm, call);
  if (!result.status && wait_for_stream(handle->stream)) result.status = EXECUTION_FAILED;
  if (!result.status) result.milliseconds = static_cast<float>(algorithm.rank);
  return result;
}

int find(const char *function, Handle *handle, const Problem &problem, Direction direction, int requested,
         int *returned, Performance *results, const Call &call) {
  if (int code = problem.check(function)) return code;
  if (requested < 1) return BAD_PARAM;
  if (is_capturing(handle->stream)) {
    wait_for_stream(handle->stream);  // not allowed: makes the capture invalid, as cuDNN's own waiting would
    return EXECUTION_FAILED;
  }
  std::vector<Performance> all;
  for (const Algorithm &algorithm : algorithms(direction)) {
    all.push_back(try_algorithm(function, handle, problem, direction, algorithm, call));
    if (all.back().status == EXECUTION_FAILED) return EXECUTION_FAILED;
  }
  auto rank = [](const Performance &p) { return p.status ? 1e9f : p.milliseconds; };
  std::sort(all.begin(), all.end(), [&](auto &a, auto &b) { return rank(a) < rank(b); });
  *returned = std::min(requested, static_cast<int>(all.size()));
  std::copy_n(all.begin(), *returned, results);
  return SUCCESS;
}

int count_of(const char *function, Direction direction, int *count) {
  return call(function, [=] {
    *count = static_cast<int>(algorithms(direction).size());
    return SUCCESS;
  }, count);
}

}  // namespace

CUDNN_API cudnnGetConvolutionForwardAlgorithmMaxCount(Handle *, int *count) {
  return count_of(__func__, Direction::FORWARD, count);
}

CUDNN_API cudnnGetConvolutionBackwardDataAlgorithmMaxCount(Handle *, int *count) {
  return count_of(__func__, Direction::DATA, count);
}

CUDNN_API cudnnGetConvolutionBackwardFilterAlgorithmMaxCount(Handle *, int *count) {
  return count_of(__func__, Direction::FILTER, count);
}

CUDNN_API cudnnFindConvolutionForwardAlgorithmEx(Handle *handle, Tensor *x_shape, const void *x, Tensor *w_shape,
                                                 const void *w, Window *window, Tensor *y_shape, void *y, int requested,
                                                 int *returned, Performance *results, void *workspace, size_t bytes) {
  return call(__func__, [=, function = __func__] {
    return find(function, handle, {*x_shape, *w_shape, *y_shape, *window}, Direction::FORWARD, requested, returned,
                results, {x, w, y, workspace, bytes, 1, 0});
  }, handle, x_shape, x, w_shape, w, window, y_shape, y, returned, results);
}

CUDNN_API cudnnFindConvolutionBackwardDataAlgorithmEx(Handle *handle, Tensor *w_shape, const void *w, Tensor *dy_shape,
                                                      const void *dy, Window *window, Tensor *dx_shape, void *dx,
                                                      int requested, int *returned, Performance *results,
                                                      void *workspace, size_t bytes) {
  return call(__func__, [=, function = __func__] {
    return find(function, handle, {*dx_shape, *w_shape, *dy_shape, *window}, Direction::DATA, requested, returned,
                results, {dx, w, dy, workspace, bytes, 1, 0});
  }, handle, w_shape, w, dy_shape, dy, window, dx_shape, dx, returned, results);
}

CUDNN_API cudnnFindConvolutionBackwardFilterAlgorithmEx(Handle *handle, Tensor *x_shape, const void *x,
                                                        Tensor *dy_shape, const void *dy, Window *window,
                                                        Tensor *dw_shape, void *dw, int requested, int *returned,
                                                        Performance *results, void *workspace, size_t bytes) {
  return call(__func__, [=, function = __func__] {
    return find(function, handle, {*x_shape, *dw_shape, *dy_shape, *window}, Direction::FILTER, requested, returned,
                results, {x, dw, dy, workspace, bytes, 1, 0});
  }, handle, x_shape, x, dy_shape, dy, window, dw_shape, dw, returned, results);
}

}  // namespace sim::cudnn
