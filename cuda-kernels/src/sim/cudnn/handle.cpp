// Versions, errors, handles.
#include "status.h"

namespace sim::cudnn {
namespace {

constexpr int kVersion = 90501;

}  // namespace

extern "C" SIM_EXPORT size_t cudnnGetVersion() { return kVersion; }
extern "C" SIM_EXPORT size_t cudnnGetCudartVersion() { return 12060; }
extern "C" SIM_EXPORT size_t cudnnGetMaxDeviceVersion() { return 900; }

CUDNN_API cudnnGetProperty(int part, int *value) {
  const int parts[] = {kVersion / 10000, kVersion / 100 % 100, kVersion % 100};
  if (part < 0 || part > 2) return BAD_PARAM;
  *value = parts[part];
  return SUCCESS;
}

extern "C" SIM_EXPORT const char *cudnnGetErrorString(int status) {
  switch (status) {
    case SUCCESS: return "CUDNN_STATUS_SUCCESS";
    case NOT_INITIALIZED: return "CUDNN_STATUS_NOT_INITIALIZED";
    case 1002: return "CUDNN_STATUS_SUBLIBRARY_VERSION_MISMATCH";
    case 1008: return "CUDNN_STATUS_SUBLIBRARY_LOADING_FAILED";
    case BAD_PARAM: return "CUDNN_STATUS_BAD_PARAM";
    case BAD_PARAM_NULL_POINTER: return "CUDNN_STATUS_BAD_PARAM_NULL_POINTER";
    case NOT_SUPPORTED: return "CUDNN_STATUS_NOT_SUPPORTED";
    case 4000: return "CUDNN_STATUS_INTERNAL_ERROR";
    case 4002: return "CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED";
    case EXECUTION_FAILED: return "CUDNN_STATUS_EXECUTION_FAILED";
    default: return "CUDNN_STATUS_UNKNOWN";
  }
}

CUDNN_API cudnnCreate(Handle **handle) {
  return call(__func__, [=] {
    if (!context_usable()) return NOT_INITIALIZED;
    *handle = new Handle;
    return SUCCESS;
  }, handle);
}

CUDNN_API cudnnDestroy(Handle *handle) {
  return call(__func__, [=] {
    delete handle;
    return SUCCESS;
  }, handle);
}

CUDNN_API cudnnSetStream(Handle *handle, Stream *stream) {
  return call(__func__, [=] {
    handle->stream = stream;
    return SUCCESS;
  }, handle);
}

CUDNN_API cudnnGetStream(Handle *handle, Stream **stream) {
  return call(__func__, [=] {
    *stream = handle->stream;
    return SUCCESS;
  }, handle, stream);
}

}  // namespace sim::cudnn
