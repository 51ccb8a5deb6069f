// The interface's part on the driver, its devices and its errors.
#include "device.h"

#include <cstdio>
#include <cstring>

#include "stream.h"

namespace sim {
namespace {

int initialize() {
  Driver &state = driver();
  if (state.initialized) return SUCCESS;
  if (!state.configured) return INVALID_VALUE;
  if (state.settings.devices == 0) return NO_DEVICE;
  install_fault_handlers();
  for (int ordinal = 0; ordinal < state.settings.devices; ordinal++) {
    state.devices.push_back(std::make_unique<Device>(ordinal, state.settings.memory));
    start_worker(*state.devices.back());
  }
  state.initialized = true;
  return SUCCESS;
}

/** CUdevice_attribute values that somebody asks for; 0 for the others. */
int attribute(int which, const Settings &settings) {
  switch (which) {
    case 1: return 1024;       // MAX_THREADS_PER_BLOCK
    case 2: return 1024;       // MAX_BLOCK_DIM_X
    case 3: return 1024;       // MAX_BLOCK_DIM_Y
    case 4: return 64;         // MAX_BLOCK_DIM_Z
    case 5: return 2147483647; // MAX_GRID_DIM_X
    case 6: return 65535;      // MAX_GRID_DIM_Y
    case 7: return 65535;      // MAX_GRID_DIM_Z
    case 8: return 48 << 10;   // MAX_SHARED_MEMORY_PER_BLOCK
    case 10: return 32;        // WARP_SIZE
    case 16: return 4;         // MULTIPROCESSOR_COUNT
    case 19: return 1;         // CAN_MAP_HOST_MEMORY
    case 31: return 1;         // CONCURRENT_KERNELS
    case 39: return 2048;      // MAX_THREADS_PER_MULTIPROCESSOR
    case 40: return 2;         // ASYNC_ENGINE_COUNT
    case 41: return 1;         // UNIFIED_ADDRESSING
    case 75: return settings.major;
    case 76: return settings.minor;
    case 97: return 99 << 10;  // MAX_SHARED_MEMORY_PER_BLOCK_OPTIN
    default: return 0;
  }
}

}  // namespace

CUDA_API cuInit(unsigned) {
  return call(__func__, [](Call &) { return initialize(); });
}

CUDA_API cuDriverGetVersion(int *version) {
  return call(__func__, [&](Call &) -> int {
    *version = driver().settings.driver;
    return SUCCESS;
  });
}

CUDA_API cuDeviceGetCount(int *count) {
  return call_initialized(__func__, [&](Call &) -> int {
    *count = static_cast<int>(driver().devices.size());
    return SUCCESS;
  });
}

CUDA_API cuDeviceGet(int *device, int ordinal) {
  return call_initialized(__func__, [&](Call &) -> int {
    *device = ordinal;
    return driver().device(ordinal) ? SUCCESS : INVALID_DEVICE;
  });
}

CUDA_API cuDeviceGetName(char *name, int size, int device) {
  return call_initialized(__func__, [&](Call &) -> int {
    snprintf(name, static_cast<size_t>(size), "Simulated GPU");
    return driver().device(device) ? SUCCESS : INVALID_DEVICE;
  });
}

CUDA_API cuDeviceTotalMem_v2(size_t *bytes, int ordinal) {
  return call_initialized(__func__, [&](Call &) -> int {
    Device *device = driver().device(ordinal);
    if (!device) return INVALID_DEVICE;
    *bytes = device->memory.capacity();
    return SUCCESS;
  });
}

CUDA_API cuDeviceGetUuid(unsigned char *uuid, int device) {
  return call_initialized(__func__, [&](Call &) -> int {
    memset(uuid, 0, 16);
    uuid[15] = static_cast<unsigned char>(device);
    return driver().device(device) ? SUCCESS : INVALID_DEVICE;
  });
}

CUDA_API cuDeviceGetPCIBusId(char *id, int size, int device) {
  return call_initialized(__func__, [&](Call &) -> int {
    snprintf(id, static_cast<size_t>(size), "0000:%02x:00.0", device + 1);
    return driver().device(device) ? SUCCESS : INVALID_DEVICE;
  });
}

CUDA_API cuDeviceGetAttribute(int *value, int which, int device) {
  return call_initialized(__func__, [&](Call &) -> int {
    *value = attribute(which, driver().settings);
    return driver().device(device) ? SUCCESS : INVALID_DEVICE;
  });
}

CUDA_API cuDeviceComputeCapability(int *major, int *minor, int device) {
  return call_initialized(__func__, [&](Call &) -> int {
    *major = driver().settings.major;
    *minor = driver().settings.minor;
    return driver().device(device) ? SUCCESS : INVALID_DEVICE;
  });
}

CUDA_API cuGetErrorName(int error, const char **name) {
  *name = result_name(error);
  return *name ? SUCCESS : INVALID_VALUE;
}

CUDA_API cuGetErrorString(int error, const char **text) {
  *text = result_text(error);
  return *text ? SUCCESS : INVALID_VALUE;
}

}  // namespace sim
