// The interface's part on allocating memory.
#include "stream.h"

namespace sim {
namespace {

int allocate(Call &call, Address *result, size_t bytes) {
  if (int code = forbidden_while_capturing(call)) return code;
  if (bytes == 0) return INVALID_VALUE;
  *result = call.context->device->memory.allocate(bytes, call.context);
  return *result ? SUCCESS : OUT_OF_MEMORY;
}

int free_memory(Call &call, Address start) {
  if (int code = forbidden_while_capturing(call)) return code;
  if (start == 0) return SUCCESS;
  Device *device = driver().owner(start);
  Address base = 0;
  const Allocation *allocation = device ? device->memory.find(start, &base) : nullptr;
  if (!allocation || base != start) {
    return call.refuse(INVALID_VALUE, "%#zx is no allocation", static_cast<size_t>(start));
  }
  int code = drain(call, *static_cast<Context *>(const_cast<void *>(allocation->owner)));
  device->memory.free(start);
  return code;
}

int allocate_pinned(Call &call, void **result, size_t bytes) {
  if (int code = forbidden_while_capturing(call)) return code;
  if (bytes == 0) return INVALID_VALUE;
  *result = driver().pinned.allocate(bytes);
  return *result ? SUCCESS : OUT_OF_MEMORY;
}

}  // namespace

CUDA_API cuMemGetInfo_v2(size_t *free, size_t *total) {
  return call_in_context(__func__, [&](Call &call) -> int {
    const DeviceMemory &memory = call.context->device->memory;
    *total = memory.capacity();
    *free = memory.capacity() - memory.used();
    return SUCCESS;
  });
}

CUDA_API cuMemAlloc_v2(Address *start, size_t bytes) {
  return call_in_context(__func__, [&](Call &call) { return allocate(call, start, bytes); });
}

CUDA_API cuMemFree_v2(Address start) {
  return call_in_context(__func__, [&](Call &call) { return free_memory(call, start); });
}

CUDA_API cuMemGetAddressRange_v2(Address *start, size_t *bytes, Address address) {
  return call_in_context(__func__, [&](Call &) -> int {
    Device *device = driver().owner(address);
    Address base = 0;
    const Allocation *allocation = device ? device->memory.find(address, &base) : nullptr;
    if (!allocation) return NOT_FOUND;
    if (start) *start = base;
    if (bytes) *bytes = allocation->bytes;
    return SUCCESS;
  });
}

CUDA_API cuMemHostAlloc(void **start, size_t bytes, unsigned) {
  return call_in_context(__func__, [&](Call &call) { return allocate_pinned(call, start, bytes); });
}

CUDA_API cuMemAllocHost_v2(void **start, size_t bytes) {
  return call_in_context(__func__, [&](Call &call) { return allocate_pinned(call, start, bytes); });
}

CUDA_API cuMemFreeHost(void *start) {
  return call_in_context(__func__, [&](Call &call) -> int {
    if (int code = forbidden_while_capturing(call)) return code;
    int code = drain(call, *call.context);
    return driver().pinned.free(start) ? code : static_cast<int>(INVALID_VALUE);
  });
}

CUDA_API cuMemHostRegister_v2(void *start, size_t bytes, unsigned) {
  return call_in_context(__func__, [&](Call &) -> int {
    if (!start || !bytes) return INVALID_VALUE;
    return driver().pinned.add(start, bytes) ? SUCCESS : HOST_MEMORY_ALREADY_REGISTERED;
  });
}

CUDA_API cuMemHostUnregister(void *start) {
  return call_in_context(__func__, [&](Call &call) -> int {
    int code = drain(call, *call.context);
    return driver().pinned.remove(start) ? code : static_cast<int>(HOST_MEMORY_NOT_REGISTERED);
  });
}

CUDA_API cuMemHostGetDevicePointer_v2(Address *address, void *start, unsigned) {
  return call_in_context(__func__, [&](Call &) -> int {
    *address = reinterpret_cast<Address>(start);  // one address space for all
    return driver().pinned.holds(start, 1) ? SUCCESS : INVALID_VALUE;
  });
}

}  // namespace sim
