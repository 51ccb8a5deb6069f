// The interface's part on convolutions.
#include "algorithm.h"
#include "status.h"

namespace sim::cudnn {
namespace {

int convolve_with(const char *function, Handle *handle, const Problem &problem, Direction direction, int number,
                  const Call &call) {
  if (int code = problem.check(function)) return code;
  const Algorithm *algorithm = find_algorithm(direction, number);
  if (!algorithm) {
    complain(function, "algorithm %d is not simulated", number);
    return NOT_SUPPORTED;
  }
  return submit(function, handle->stream, problem, direction, *algorithm, call);
}

int workspace_of(const char *function, const Problem &problem, Direction direction, int number, size_t *bytes) {
  if (int code = problem.check(function)) return code;
  const Algorithm *algorithm = find_algorithm(direction, number);
  if (!algorithm) return NOT_SUPPORTED;
  *bytes = workspace_bytes(*algorithm, problem);
  return SUCCESS;
}

float scalar(const void *value) { return *static_cast<const float *>(value); }

}  // namespace

CUDNN_API cudnnGetConvolution2dForwardOutputDim(Window *window, Tensor *x, Tensor *w, int *n, int *c, int *h,
                                                int *width) {
  return call(__func__, [=] {
    Tensor y = output_of(*x, *w, *window);
    *n = y.n, *c = y.c, *h = y.h, *width = y.w;
    return y.h > 0 && y.w > 0 ? SUCCESS : BAD_PARAM;
  }, window, x, w);
}

CUDNN_API cudnnGetConvolutionForwardWorkspaceSize(Handle *handle, Tensor *x, Tensor *w, Window *window, Tensor *y,
                                                  int algorithm, size_t *bytes) {
  return call(__func__, [=, function = __func__] {
    return workspace_of(function, {*x, *w, *y, *window}, Direction::FORWARD, algorithm, bytes);
  }, handle, x, w, window, y, bytes);
}

CUDNN_API cudnnGetConvolutionBackwardDataWorkspaceSize(Handle *handle, Tensor *w, Tensor *dy, Window *window,
                                                       Tensor *dx, int algorithm, size_t *bytes) {
  return call(__func__, [=, function = __func__] {
    return workspace_of(function, {*dx, *w, *dy, *window}, Direction::DATA, algorithm, bytes);
  }, handle, w, dy, window, dx, bytes);
}

CUDNN_API cudnnGetConvolutionBackwardFilterWorkspaceSize(Handle *handle, Tensor *x, Tensor *dy, Window *window,
                                                         Tensor *dw, int algorithm, size_t *bytes) {
  return call(__func__, [=, function = __func__] {
    return workspace_of(function, {*x, *dw, *dy, *window}, Direction::FILTER, algorithm, bytes);
  }, handle, x, dy, window, dw, bytes);
}

CUDNN_API cudnnConvolutionForward(Handle *handle, const void *alpha, Tensor *x_shape, const void *x, Tensor *w_shape,
                                  const void *w, Window *window, int algorithm, void *workspace, size_t bytes,
                                  const void *beta, Tensor *y_shape, void *y) {
  return call(__func__, [=, function = __func__] {
    return convolve_with(function, handle, {*x_shape, *w_shape, *y_shape, *window}, Direction::FORWARD, algorithm,
                         {x, w, y, workspace, bytes, scalar(alpha), scalar(beta)});
  }, handle, alpha, x_shape, x, w_shape, w, window, beta, y_shape, y);
}

CUDNN_API cudnnConvolutionBackwardData(Handle *handle, const void *alpha, Tensor *w_shape, const void *w,
                                       Tensor *dy_shape, const void *dy, Window *window, int algorithm,
                                       void *workspace, size_t bytes, const void *beta, Tensor *dx_shape, void *dx) {
  return call(__func__, [=, function = __func__] {
    return convolve_with(function, handle, {*dx_shape, *w_shape, *dy_shape, *window}, Direction::DATA, algorithm,
                         {dx, w, dy, workspace, bytes, scalar(alpha), scalar(beta)});
  }, handle, alpha, w_shape, w, dy_shape, dy, window, beta, dx_shape, dx);
}

CUDNN_API cudnnConvolutionBackwardFilter(Handle *handle, const void *alpha, Tensor *x_shape, const void *x,
                                         Tensor *dy_shape, const void *dy, Window *window, int algorithm,
                                         void *workspace, size_t bytes, const void *beta, Tensor *dw_shape, void *dw) {
  return call(__func__, [=, function = __func__] {
    return convolve_with(function, handle, {*x_shape, *dw_shape, *dy_shape, *window}, Direction::FILTER, algorithm,
                         {x, dw, dy, workspace, bytes, scalar(alpha), scalar(beta)});
  }, handle, alpha, x_shape, x, dy_shape, dy, window, beta, dw_shape, dw);
}

}  // namespace sim::cudnn
