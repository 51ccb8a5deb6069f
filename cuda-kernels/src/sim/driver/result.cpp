#include "result.h"

#include <map>

namespace sim {
namespace {

struct Description {
  const char *name, *text;
};

const std::map<int, Description> &descriptions() {
  static const std::map<int, Description> all = {
      {SUCCESS, {"CUDA_SUCCESS", "no error"}},
      {INVALID_VALUE, {"CUDA_ERROR_INVALID_VALUE", "invalid argument"}},
      {OUT_OF_MEMORY, {"CUDA_ERROR_OUT_OF_MEMORY", "out of memory"}},
      {NOT_INITIALIZED, {"CUDA_ERROR_NOT_INITIALIZED", "initialization error"}},
      {DEVICE_UNAVAILABLE, {"CUDA_ERROR_DEVICE_UNAVAILABLE", "CUDA-capable device(s) is/are busy or unavailable"}},
      {NO_DEVICE, {"CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"}},
      {INVALID_DEVICE, {"CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"}},
      {INVALID_IMAGE, {"CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"}},
      {INVALID_CONTEXT, {"CUDA_ERROR_INVALID_CONTEXT", "invalid device context"}},
      {PEER_ACCESS_UNSUPPORTED,
       {"CUDA_ERROR_PEER_ACCESS_UNSUPPORTED", "peer access is not supported between these two devices"}},
      {INVALID_PTX, {"CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"}},
      {UNSUPPORTED_PTX_VERSION,
       {"CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "the provided PTX was compiled with an unsupported toolchain."}},
      {INVALID_HANDLE, {"CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"}},
      {ILLEGAL_STATE, {"CUDA_ERROR_ILLEGAL_STATE", "the operation cannot be performed in the present state"}},
      {NOT_FOUND, {"CUDA_ERROR_NOT_FOUND", "named symbol not found"}},
      {NOT_READY, {"CUDA_ERROR_NOT_READY", "device not ready"}},
      {ILLEGAL_ADDRESS, {"CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"}},
      {LAUNCH_OUT_OF_RESOURCES,
       {"CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "too many resources requested for launch"}},
      {PEER_ACCESS_ALREADY_ENABLED,
       {"CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED", "peer access is already enabled"}},
      {PEER_ACCESS_NOT_ENABLED, {"CUDA_ERROR_PEER_ACCESS_NOT_ENABLED", "peer access has not been enabled"}},
      {PRIMARY_CONTEXT_ACTIVE,
       {"CUDA_ERROR_PRIMARY_CONTEXT_ACTIVE", "cannot set while device is active in this process"}},
      {CONTEXT_IS_DESTROYED, {"CUDA_ERROR_CONTEXT_IS_DESTROYED", "context is destroyed"}},
      {HOST_MEMORY_ALREADY_REGISTERED,
       {"CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED", "part or all of the requested memory range is already mapped"}},
      {HOST_MEMORY_NOT_REGISTERED,
       {"CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED", "pointer does not correspond to a registered memory region"}},
      {MISALIGNED_ADDRESS, {"CUDA_ERROR_MISALIGNED_ADDRESS", "misaligned address"}},
      {LAUNCH_FAILED, {"CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"}},
      {NOT_SUPPORTED, {"CUDA_ERROR_NOT_SUPPORTED", "operation not supported"}},
      {STREAM_CAPTURE_UNSUPPORTED,
       {"CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", "operation not permitted when stream is capturing"}},
      {STREAM_CAPTURE_INVALIDATED,
       {"CUDA_ERROR_STREAM_CAPTURE_INVALIDATED",
        "operation failed due to a previous error during capture"}},
      {STREAM_CAPTURE_MERGE,
       {"CUDA_ERROR_STREAM_CAPTURE_MERGE", "operation would result in a merge of separate capture sequences"}},
      {STREAM_CAPTURE_UNMATCHED,
       {"CUDA_ERROR_STREAM_CAPTURE_UNMATCHED", "capture was not ended in the same stream as it began"}},
      {STREAM_CAPTURE_UNJOINED,
       {"CUDA_ERROR_STREAM_CAPTURE_UNJOINED", "capturing stream has unjoined work"}},
      {STREAM_CAPTURE_ISOLATION,
       {"CUDA_ERROR_STREAM_CAPTURE_ISOLATION", "dependency created on uncaptured work in another stream"}},
      {STREAM_CAPTURE_IMPLICIT,
       {"CUDA_ERROR_STREAM_CAPTURE_IMPLICIT",
        "operation would make the legacy stream depend on a capturing blocking stream"}},
      {CAPTURED_EVENT,
       {"CUDA_ERROR_CAPTURED_EVENT", "operation not permitted on an event last recorded in a capturing stream"}},
      {STREAM_CAPTURE_WRONG_THREAD,
       {"CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD",
        "attempt to terminate a thread-local capture sequence from another thread"}},
      {UNKNOWN, {"CUDA_ERROR_UNKNOWN", "unknown error"}},
      // Only injected:
      {214, {"CUDA_ERROR_ECC_UNCORRECTABLE", "uncorrectable ECC error encountered"}},
      {220, {"CUDA_ERROR_NVLINK_UNCORRECTABLE", "uncorrectable NVLink error detected during the execution"}},
      {702, {"CUDA_ERROR_LAUNCH_TIMEOUT", "the launch timed out and was terminated"}},
      {710, {"CUDA_ERROR_ASSERT", "device-side assert triggered"}},
      {714, {"CUDA_ERROR_HARDWARE_STACK_ERROR", "hardware stack error"}},
      {715, {"CUDA_ERROR_ILLEGAL_INSTRUCTION", "an illegal instruction was encountered"}},
      {717, {"CUDA_ERROR_INVALID_ADDRESS_SPACE", "operation not supported on global/shared address space"}},
      {718, {"CUDA_ERROR_INVALID_PC", "invalid program counter"}},
      {802, {"CUDA_ERROR_SYSTEM_NOT_READY", "system not yet initialized"}},
      {803, {"CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", "system has unsupported display driver / cuda driver combination"}},
  };
  return all;
}

}  // namespace

bool is_sticky(int result) {
  switch (result) {
    case DEVICE_UNAVAILABLE:
    case 214:
    case 220:
    case ILLEGAL_ADDRESS:
    case 702:
    case 710:
    case 714:
    case 715:
    case MISALIGNED_ADDRESS:
    case 717:
    case 718:
    case LAUNCH_FAILED:
    case UNKNOWN:
      return true;
    default:
      return false;
  }
}

const char *result_name(int result) {
  auto found = descriptions().find(result);
  return found == descriptions().end() ? nullptr : found->second.name;
}

const char *result_text(int result) {
  auto found = descriptions().find(result);
  return found == descriptions().end() ? nullptr : found->second.text;
}

}  // namespace sim
