// The interface's part on what is behind a convolution: bias, sum, activation.
#include "algorithm.h"
#include "status.h"

namespace sim::cudnn {

/** cudnnActivationDescriptor_t */
struct Activation {
  int mode = -1;  // cudnnActivationMode_t
  int nan = 0;    // cudnnNanPropagation_t
  double coefficient = 0;
};

namespace {

constexpr int kRelu = 1, kIdentity = 5;
constexpr int kImplicitPrecomputedGemm = 1;

/** What the documentation of cudnnConvolutionBiasActivationForward refuses. */
int refuse(const char *function, const Problem &problem, const Tensor &z, const Tensor &bias,
           const Activation &activation, int algorithm) {
  if (activation.mode != kRelu && activation.mode != kIdentity) {
    complain(function, "activation %d", activation.mode);
    return NOT_SUPPORTED;
  }
  if (activation.nan) {
    complain(function, "no ReLU behind a convolution propagates NaN");
    return NOT_SUPPORTED;
  }
  if (activation.mode == kIdentity && algorithm != kImplicitPrecomputedGemm) {
    complain(function, "algorithm %d without an activation", algorithm);
    return NOT_SUPPORTED;
  }
  if (bias.n != 1 || bias.c != problem.w.n || bias.h != 1 || bias.w != 1 || bias.type != problem.y.type) {
    complain(function, "a bias %dx%dx%dx%d of type %d for %d channels of type %d", bias.n, bias.c, bias.h, bias.w,
             bias.type, problem.w.n, problem.y.type);
    return BAD_PARAM;
  }
  if (z.n != problem.y.n || z.c != problem.y.c || z.h != problem.y.h || z.w != problem.y.w || z.type != problem.y.type ||
      z.channels_last != problem.y.channels_last) {
    complain(function, "z is not like y");
    return BAD_PARAM;
  }
  return SUCCESS;
}

float scalar(const void *value) { return *static_cast<const float *>(value); }

}  // namespace

CUDNN_API cudnnCreateActivationDescriptor(Activation **activation) {
  return call(__func__, [=] {
    *activation = new Activation;
    return SUCCESS;
  }, activation);
}

CUDNN_API cudnnDestroyActivationDescriptor(Activation *activation) {
  return call(__func__, [=] {
    delete activation;
    return SUCCESS;
  });
}

CUDNN_API cudnnSetActivationDescriptor(Activation *activation, int mode, int nan, double coefficient) {
  return call(__func__, [=] {
    *activation = {mode, nan, coefficient};
    return SUCCESS;
  }, activation);
}

CUDNN_API cudnnConvolutionBiasActivationForward(Handle *handle, const void *alpha1, Tensor *x_shape, const void *x,
                                                Tensor *w_shape, const void *w, Window *window, int number,
                                                void *workspace, size_t bytes, const void *alpha2, Tensor *z_shape,
                                                const void *z, Tensor *bias_shape, const void *bias,
                                                Activation *activation, Tensor *y_shape, void *y) {
  return call(__func__, [=, function = __func__]() -> int {
    Problem problem{*x_shape, *w_shape, *y_shape, *window};
    if (int code = problem.check(function)) return code;
    if (int code = refuse(function, problem, *z_shape, *bias_shape, *activation, number)) return code;
    if (x == y || x == z) {
      complain(function, "x is y or z");
      return BAD_PARAM;
    }
    const Algorithm *algorithm = find_algorithm(Direction::FORWARD, number);
    if (!algorithm) {
      complain(function, "algorithm %d is not simulated", number);
      return NOT_SUPPORTED;
    }
    Ending ending{bias, z, scalar(alpha2), activation->mode == kRelu};
    return submit(function, handle->stream, problem, Direction::FORWARD, *algorithm,
                  {x, w, y, workspace, bytes, scalar(alpha1), 0, ending});
  }, handle, alpha1, x_shape, x, w_shape, w, window, alpha2, z_shape, z, bias_shape, bias, activation, y_shape, y);
}

}  // namespace sim::cudnn
