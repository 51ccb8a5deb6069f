#include "handle.h"

#include <cstdint>
#include <memory>

namespace sim::cublas {
namespace {

constexpr int kVersion = 120604;
constexpr size_t kOwnWorkspace = 4 << 20;

const char *name_of(int status) {
  switch (status) {
    case SUCCESS: return "CUBLAS_STATUS_SUCCESS";
    case NOT_INITIALIZED: return "CUBLAS_STATUS_NOT_INITIALIZED";
    case ALLOC_FAILED: return "CUBLAS_STATUS_ALLOC_FAILED";
    case INVALID_VALUE: return "CUBLAS_STATUS_INVALID_VALUE";
    case 8: return "CUBLAS_STATUS_ARCH_MISMATCH";
    case 11: return "CUBLAS_STATUS_MAPPING_ERROR";
    case EXECUTION_FAILED: return "CUBLAS_STATUS_EXECUTION_FAILED";
    case 14: return "CUBLAS_STATUS_INTERNAL_ERROR";
    case NOT_SUPPORTED: return "CUBLAS_STATUS_NOT_SUPPORTED";
    case 16: return "CUBLAS_STATUS_LICENSE_ERROR";
    default: return "<unknown>";
  }
}

int create(Handle **result) {
  if (!context_usable()) return NOT_INITIALIZED;
  auto handle = std::make_unique<Handle>();
  handle->own = {allocate_for_library(kOwnWorkspace), kOwnWorkspace};
  if (!handle->own.start) return ALLOC_FAILED;
  handle->used = handle->own;
  *result = handle.release();
  return SUCCESS;
}

int set_workspace(Handle &handle, void *start, size_t bytes) {
  if (reinterpret_cast<uintptr_t>(start) % 256) {
    complain("cublasSetWorkspace_v2", "the workspace is not aligned to 256 bytes");
    return INVALID_VALUE;
  }
  handle.used = {start, bytes};
  return SUCCESS;
}

}  // namespace

CUBLAS_API cublasCreate_v2(Handle **handle) {
  int fault = library_call(__func__);
  return fault ? fault : create(handle);
}

CUBLAS_API cublasDestroy_v2(Handle *handle) {
  return call(__func__, handle, [](Handle &handle) {
    delete &handle;
    return SUCCESS;
  });
}

CUBLAS_API cublasSetStream_v2(Handle *handle, Stream *stream) {
  return call(__func__, handle, [=](Handle &handle) {
    handle.stream = stream;
    handle.used = handle.own;  // as documented: setting the stream takes the workspace back
    return SUCCESS;
  });
}

CUBLAS_API cublasGetStream_v2(Handle *handle, Stream **stream) {
  return call(__func__, handle, [=](Handle &handle) {
    *stream = handle.stream;
    return SUCCESS;
  });
}

CUBLAS_API cublasSetWorkspace_v2(Handle *handle, void *start, size_t bytes) {
  return call(__func__, handle, [=](Handle &handle) { return set_workspace(handle, start, bytes); });
}

CUBLAS_API cublasSetMathMode(Handle *handle, int mode) {
  return call(__func__, handle, [=](Handle &handle) {
    handle.math_mode = mode;
    return SUCCESS;
  });
}

CUBLAS_API cublasGetMathMode(Handle *handle, int *mode) {
  return call(__func__, handle, [=](Handle &handle) {
    *mode = handle.math_mode;
    return SUCCESS;
  });
}

CUBLAS_API cublasSetPointerMode_v2(Handle *handle, int mode) {
  return call(__func__, handle, [=](Handle &handle) {
    handle.device_scalars = mode == 1;
    return mode == 0 || mode == 1 ? SUCCESS : INVALID_VALUE;
  });
}

CUBLAS_API cublasGetPointerMode_v2(Handle *handle, int *mode) {
  return call(__func__, handle, [=](Handle &handle) {
    *mode = handle.device_scalars;
    return SUCCESS;
  });
}

CUBLAS_API cublasGetVersion_v2(Handle *, int *version) {
  *version = kVersion;
  return SUCCESS;
}

CUBLAS_API cublasGetProperty(int part, int *value) {
  const int parts[] = {kVersion / 10000, kVersion / 100 % 100, kVersion % 100};
  if (part < 0 || part > 2) return INVALID_VALUE;
  *value = parts[part];
  return SUCCESS;
}

extern "C" SIM_EXPORT size_t cublasGetCudartVersion() { return 12060; }
extern "C" SIM_EXPORT const char *cublasGetStatusName(int status) { return name_of(status); }
extern "C" SIM_EXPORT const char *cublasGetStatusString(int status) { return name_of(status); }

}  // namespace sim::cublas
