#include "descriptor.h"

#include "status.h"

namespace sim::cudnn {
namespace {

constexpr int kFloat = 0, kDouble = 1, kHalf = 2, kBfloat16 = 9;
constexpr int kNchw = 0, kNhwc = 1;

int set(const char *function, Tensor &tensor, int layout, int type, int n, int c, int h, int w) {
  if (n < 1 || c < 1 || h < 1 || w < 1 || (layout != kNchw && layout != kNhwc)) {
    complain(function, "layout %d, extents %d %d %d %d", layout, n, c, h, w);
    return BAD_PARAM;
  }
  if (type != kFloat && type != kHalf && type != kBfloat16) {
    complain(function, "data type %d is not simulated", type);
    return NOT_SUPPORTED;
  }
  tensor = {type, layout == kNhwc, n, c, h, w};
  return SUCCESS;
}

template <class T>
int create(const char *function, T **descriptor) {
  return call(function, [=] {
    *descriptor = new T;
    return SUCCESS;
  }, descriptor);
}

template <class T>
int destroy(const char *function, T *descriptor) {
  return call(function, [=] {
    delete descriptor;
    return SUCCESS;
  });
}

}  // namespace

std::optional<Format> Tensor::format() const {
  switch (type) {
    case kFloat: return Format::FLOAT;
    case kHalf: return Format::HALF;
    case kBfloat16: return Format::BFLOAT16;
    default: return std::nullopt;
  }
}

size_t Tensor::bytes() const { return elements() * (type == kFloat ? 4 : 2); }

CUDNN_API cudnnCreateTensorDescriptor(Tensor **tensor) { return create(__func__, tensor); }
CUDNN_API cudnnDestroyTensorDescriptor(Tensor *tensor) { return destroy(__func__, tensor); }
CUDNN_API cudnnCreateFilterDescriptor(Tensor **filter) { return create(__func__, filter); }
CUDNN_API cudnnDestroyFilterDescriptor(Tensor *filter) { return destroy(__func__, filter); }
CUDNN_API cudnnCreateConvolutionDescriptor(Window **window) { return create(__func__, window); }
CUDNN_API cudnnDestroyConvolutionDescriptor(Window *window) { return destroy(__func__, window); }

CUDNN_API cudnnSetTensor4dDescriptor(Tensor *tensor, int layout, int type, int n, int c, int h, int w) {
  return call(__func__, [=, function = __func__] { return set(function, *tensor, layout, type, n, c, h, w); }, tensor);
}

/** Dense NHWC and NCHW strides only; an axis of extent 1 may have any. */
CUDNN_API cudnnSetTensor4dDescriptorEx(Tensor *tensor, int type, int n, int c, int h, int w, int stride_n, int stride_c,
                                       int stride_h, int stride_w) {
  return call(__func__, [=, function = __func__]() -> int {
    auto fits = [&](int axis_n, int axis_c, int axis_h, int axis_w) {
      return (n == 1 || stride_n == axis_n) && (c == 1 || stride_c == axis_c) && (h == 1 || stride_h == axis_h) &&
             (w == 1 || stride_w == axis_w);
    };
    if (fits(h * w * c, 1, w * c, c)) return set(function, *tensor, kNhwc, type, n, c, h, w);
    if (fits(c * h * w, h * w, w, 1)) return set(function, *tensor, kNchw, type, n, c, h, w);
    complain(function, "these strides are not simulated");
    return NOT_SUPPORTED;
  }, tensor);
}

CUDNN_API cudnnGetTensor4dDescriptor(Tensor *tensor, int *type, int *n, int *c, int *h, int *w, int *stride_n,
                                     int *stride_c, int *stride_h, int *stride_w) {
  return call(__func__, [=] {
    *type = tensor->type;
    *n = tensor->n, *c = tensor->c, *h = tensor->h, *w = tensor->w;
    *stride_n = tensor->c * tensor->h * tensor->w;
    *stride_c = tensor->channels_last ? 1 : tensor->h * tensor->w;
    *stride_h = tensor->channels_last ? tensor->w * tensor->c : tensor->w;
    *stride_w = tensor->channels_last ? tensor->c : 1;
    return SUCCESS;
  }, tensor);
}

CUDNN_API cudnnGetTensorSizeInBytes(Tensor *tensor, size_t *bytes) {
  return call(__func__, [=] {
    *bytes = tensor->bytes();
    return SUCCESS;
  }, tensor, bytes);
}

CUDNN_API cudnnSetFilter4dDescriptor(Tensor *filter, int type, int layout, int k, int c, int h, int w) {
  return call(__func__, [=, function = __func__] { return set(function, *filter, layout, type, k, c, h, w); }, filter);
}

CUDNN_API cudnnGetFilter4dDescriptor(Tensor *filter, int *type, int *layout, int *k, int *c, int *h, int *w) {
  return call(__func__, [=] {
    *type = filter->type;
    *layout = filter->channels_last ? kNhwc : kNchw;
    *k = filter->n, *c = filter->c, *h = filter->h, *w = filter->w;
    return SUCCESS;
  }, filter);
}

CUDNN_API cudnnGetFilterSizeInBytes(Tensor *filter, size_t *bytes) {
  return call(__func__, [=] {
    *bytes = filter->bytes();
    return SUCCESS;
  }, filter, bytes);
}

CUDNN_API cudnnSetConvolution2dDescriptor(Window *window, int padding_h, int padding_w, int stride_h, int stride_w,
                                          int dilation_h, int dilation_w, int mode, int compute_type) {
  return call(__func__, [=, function = __func__] {
    if (padding_h < 0 || padding_w < 0 || stride_h < 1 || stride_w < 1 || dilation_h < 1 || dilation_w < 1) {
      complain(function, "padding %d %d, stride %d %d, dilation %d %d", padding_h, padding_w, stride_h, stride_w,
               dilation_h, dilation_w);
      return BAD_PARAM;
    }
    *window = {padding_h, padding_w, stride_h, stride_w, dilation_h, dilation_w, mode, compute_type,
               window->math_type, window->groups};
    return SUCCESS;
  }, window);
}

CUDNN_API cudnnSetConvolutionGroupCount(Window *window, int groups) {
  return call(__func__, [=] {
    window->groups = groups;
    return groups >= 1 ? SUCCESS : BAD_PARAM;
  }, window);
}

CUDNN_API cudnnGetConvolutionGroupCount(Window *window, int *groups) {
  return call(__func__, [=] {
    *groups = window->groups;
    return SUCCESS;
  }, window, groups);
}

CUDNN_API cudnnSetConvolutionMathType(Window *window, int type) {
  return call(__func__, [=] {
    if (type < 0 || type > 3) return BAD_PARAM;
    window->math_type = type;
    return SUCCESS;
  }, window);
}

CUDNN_API cudnnGetConvolutionMathType(Window *window, int *type) {
  return call(__func__, [=] {
    *type = window->math_type;
    return SUCCESS;
  }, window, type);
}

}  // namespace sim::cudnn
