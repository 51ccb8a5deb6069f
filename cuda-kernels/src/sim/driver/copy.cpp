// The interface's part on copying and setting memory.
#include <cstring>

#include "stream.h"

namespace sim {
namespace {

void *at(Address address) { return reinterpret_cast<void *>(address); }

/** Whether the bytes are live memory of the context's device. */
int check(Call &call, const Context &context, Address start, size_t bytes) {
  const Device *device = context.device, *owner = driver().owner(start);
  if (device->memory.holds(start, bytes)) return SUCCESS;
  size_t address = static_cast<size_t>(start);
  if (!owner) return call.refuse(INVALID_VALUE, "%#zx is no device memory", address);
  if (owner != device) {
    return call.refuse(INVALID_VALUE, "%#zx is memory of device %d, not %d", address, owner->ordinal, device->ordinal);
  }
  return call.refuse(INVALID_VALUE, "%zu bytes at %#zx do not lie in one live allocation", bytes, address);
}

Failure move(Address to, Address from, size_t bytes) {
  memmove(at(to), at(from), bytes);
  return {};
}

/** The stream a call without one uses: it waits for the default stream's work. */
struct Target {
  Stream *stream;
  bool wait;
};

int give(Call &call, const Target &target, std::function<Failure()> work) {
  if (target.wait) {
    if (int code = forbidden_while_capturing(call)) return code;
  }
  if (!target.stream) return INVALID_HANDLE;
  if (target.stream->context != call.context) return call.refuse(INVALID_HANDLE, "the stream is another context's");
  int code = submit(call, *target.stream, {call.function, std::move(work)});
  return code || !target.wait ? code : drain(call, *target.stream);
}

Target asynchronous(Call &call, Stream *stream) { return {stream_of(call, stream), false}; }
Target synchronous(Call &call) { return {call.context->legacy.get(), true}; }

int host_to_device(Call &call, Address to, const void *from, size_t bytes, Target target) {
  if (int code = check(call, *call.context, to, bytes)) return code;
  if (bytes == 0) return SUCCESS;
  if (target.wait || driver().pinned.holds(from, bytes)) {
    return give(call, target, [=] { return move(to, reinterpret_cast<Address>(from), bytes); });
  }
  if (target.stream && target.stream->capture) {
    target.stream->capture->invalid = true;
    return call.refuse(STREAM_CAPTURE_UNSUPPORTED, "a captured copy needs page-locked host memory");
  }
  auto staged = std::make_shared<std::string>(static_cast<const char *>(from), bytes);
  return give(call, target, [=] { return move(to, reinterpret_cast<Address>(staged->data()), bytes); });
}

int device_to_host(Call &call, void *to, Address from, size_t bytes, Target target) {
  if (int code = check(call, *call.context, from, bytes)) return code;
  if (bytes == 0) return SUCCESS;
  bool pinned = driver().pinned.holds(to, bytes);
  if (!pinned && target.stream && target.stream->capture) {
    target.stream->capture->invalid = true;
    return call.refuse(STREAM_CAPTURE_UNSUPPORTED, "a captured copy needs page-locked host memory");
  }
  int code = give(call, target, [=] { return move(reinterpret_cast<Address>(to), from, bytes); });
  return code || pinned || target.wait ? code : drain(call, *target.stream);  // pageable: done when the call returns
}

int device_to_device(Call &call, Address to, Address from, size_t bytes, Target target) {
  if (int code = check(call, *call.context, to, bytes)) return code;
  if (int code = check(call, *call.context, from, bytes)) return code;
  return give(call, target, [=] { return move(to, from, bytes); });
}

int peer(Call &call, Address to, Context *there, Address from, Context *here, size_t bytes, Target target) {
  if (!driver().alive(there) || !driver().alive(here)) return INVALID_CONTEXT;
  if (int code = check(call, *there, to, bytes)) return code;
  if (int code = check(call, *here, from, bytes)) return code;
  return give(call, target, [=] { return move(to, from, bytes); });
}

template <class Value>
int set(Call &call, Address to, Value value, size_t count, Target target) {
  if (to % sizeof(Value)) return INVALID_VALUE;
  if (int code = check(call, *call.context, to, count * sizeof(Value))) return code;
  return give(call, target, [=]() -> Failure {
    std::fill_n(static_cast<Value *>(at(to)), count, value);
    return {};
  });
}

}  // namespace

CUDA_API cuMemcpyHtoD_v2(Address to, const void *from, size_t bytes) {
  return call_in_context(
      __func__, [&](Call &call) { return host_to_device(call, to, from, bytes, synchronous(call)); });
}

CUDA_API cuMemcpyHtoDAsync_v2(Address to, const void *from, size_t bytes, Stream *stream) {
  return call_in_context(
      __func__, [&](Call &call) { return host_to_device(call, to, from, bytes, asynchronous(call, stream)); });
}

CUDA_API cuMemcpyDtoH_v2(void *to, Address from, size_t bytes) {
  return call_in_context(
      __func__, [&](Call &call) { return device_to_host(call, to, from, bytes, synchronous(call)); });
}

CUDA_API cuMemcpyDtoHAsync_v2(void *to, Address from, size_t bytes, Stream *stream) {
  return call_in_context(
      __func__, [&](Call &call) { return device_to_host(call, to, from, bytes, asynchronous(call, stream)); });
}

CUDA_API cuMemcpyDtoD_v2(Address to, Address from, size_t bytes) {
  return call_in_context(
      __func__, [&](Call &call) { return device_to_device(call, to, from, bytes, synchronous(call)); });
}

CUDA_API cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, Stream *stream) {
  return call_in_context(
      __func__, [&](Call &call) { return device_to_device(call, to, from, bytes, asynchronous(call, stream)); });
}

CUDA_API cuMemcpyPeer(Address to, Context *there, Address from, Context *here, size_t bytes) {
  return call_in_context(
      __func__, [&](Call &call) { return peer(call, to, there, from, here, bytes, synchronous(call)); });
}

CUDA_API cuMemcpyPeerAsync(Address to, Context *there, Address from, Context *here, size_t bytes, Stream *stream) {
  return call_in_context(
      __func__, [&](Call &call) { return peer(call, to, there, from, here, bytes, asynchronous(call, stream)); });
}

CUDA_API cuMemsetD8_v2(Address to, uint8_t value, size_t count) {
  return call_in_context(__func__, [&](Call &call) { return set(call, to, value, count, synchronous(call)); });
}

CUDA_API cuMemsetD8Async(Address to, uint8_t value, size_t count, Stream *stream) {
  return call_in_context(__func__, [&](Call &call) { return set(call, to, value, count, asynchronous(call, stream)); });
}

CUDA_API cuMemsetD16_v2(Address to, uint16_t value, size_t count) {
  return call_in_context(__func__, [&](Call &call) { return set(call, to, value, count, synchronous(call)); });
}

CUDA_API cuMemsetD16Async(Address to, uint16_t value, size_t count, Stream *stream) {
  return call_in_context(__func__, [&](Call &call) { return set(call, to, value, count, asynchronous(call, stream)); });
}

CUDA_API cuMemsetD32_v2(Address to, uint32_t value, size_t count) {
  return call_in_context(__func__, [&](Call &call) { return set(call, to, value, count, synchronous(call)); });
}

CUDA_API cuMemsetD32Async(Address to, uint32_t value, size_t count, Stream *stream) {
  return call_in_context(__func__, [&](Call &call) { return set(call, to, value, count, asynchronous(call, stream)); });
}

}  // namespace sim
