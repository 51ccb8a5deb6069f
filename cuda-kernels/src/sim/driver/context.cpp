// The interface's part on contexts and on memory of peers.
#include "stream.h"

namespace sim {
namespace {

void open(Context &context) {
  context.alive = true;
  context.error = SUCCESS;
  context.legacy.reset(new Stream{&context, 0, {}});
}

/** Ends a context: its work is done, its memory and objects are gone. */
void close(Call &call, Context &context) {
  drain(call, context);
  context.alive = false;
  context.device->memory.free_all(&context);
  Driver &state = driver();
  for (const auto &capture : state.captures.all()) {
    if (capture->origin->context == &context) capture->release();
  }
  state.captures.remove_if([&](const Capture &capture) { return capture.origin->context == &context; });
  state.streams.remove_if([&](const Stream &stream) { return stream.context == &context; });
  state.events.remove_if([&](const Event &event) { return event.context == &context; });
  std::erase_if(state.functions, [&](const Function *function) { return function->context == &context; });
  state.modules.remove_if([&](const Module &module) { return module.context == &context; });
}

int retain(Context **result, int ordinal) {
  Device *device = driver().device(ordinal);
  if (!device) return INVALID_DEVICE;
  if (device->primary.retained++ == 0) open(device->primary);
  *result = &device->primary;
  return SUCCESS;
}

int release(Call &call, int ordinal, bool entirely) {
  Device *device = driver().device(ordinal);
  if (!device) return INVALID_DEVICE;
  Context &context = device->primary;
  if (context.retained == 0) return INVALID_CONTEXT;
  if (!entirely && context.retained > 1) {
    context.retained--;
    return SUCCESS;
  }
  close(call, context);
  context.retained = 0;
  return SUCCESS;
}

int create(Context **result, int ordinal) {
  Device *device = driver().device(ordinal);
  if (!device) return INVALID_DEVICE;
  *result = driver().contexts.add(std::unique_ptr<Context>(new Context{device, false}));
  open(**result);
  context_stack().push_back(*result);
  return SUCCESS;
}

int destroy(Call &call, Context *context) {
  if (!driver().contexts.has(context) || !context->alive) return INVALID_CONTEXT;
  close(call, *context);  // the object stays, so that it is known as destroyed
  std::erase(context_stack(), context);
  return SUCCESS;
}

}  // namespace

CUDA_API cuDevicePrimaryCtxRetain(Context **context, int device) {
  return call_initialized(__func__, [&](Call &) { return retain(context, device); });
}

CUDA_API cuDevicePrimaryCtxRelease_v2(int device) {
  return call_initialized(__func__, [&](Call &call) { return release(call, device, false); });
}

CUDA_API cuDevicePrimaryCtxReset_v2(int device) {
  return call_initialized(__func__, [&](Call &call) { return release(call, device, true); });
}

CUDA_API cuDevicePrimaryCtxSetFlags_v2(int device, unsigned) {
  return call_initialized(__func__, [&](Call &) -> int { return driver().device(device) ? SUCCESS : INVALID_DEVICE; });
}

CUDA_API cuDevicePrimaryCtxGetState(int ordinal, unsigned *flags, int *active) {
  return call_initialized(__func__, [&](Call &) -> int {
    Device *device = driver().device(ordinal);
    if (!device) return INVALID_DEVICE;
    *flags = 0;
    *active = device->primary.retained > 0;
    return SUCCESS;
  });
}

CUDA_API cuCtxCreate_v2(Context **context, unsigned, int device) {
  return call_initialized(__func__, [&](Call &) { return create(context, device); });
}

CUDA_API cuCtxDestroy_v2(Context *context) {
  return call_initialized(__func__, [&](Call &call) { return destroy(call, context); });
}

CUDA_API cuCtxSetCurrent(Context *context) {
  return call_initialized(__func__, [&](Call &) -> int {
    if (context && !driver().alive(context)) return INVALID_CONTEXT;
    if (!context_stack().empty()) context_stack().pop_back();
    if (context) context_stack().push_back(context);
    return SUCCESS;
  });
}

CUDA_API cuCtxGetCurrent(Context **context) {
  return call_initialized(__func__, [&](Call &) -> int {
    *context = context_stack().empty() ? nullptr : context_stack().back();
    return SUCCESS;
  });
}

CUDA_API cuCtxPushCurrent_v2(Context *context) {
  return call_initialized(__func__, [&](Call &) -> int {
    if (!driver().alive(context)) return INVALID_CONTEXT;
    context_stack().push_back(context);
    return SUCCESS;
  });
}

CUDA_API cuCtxPopCurrent_v2(Context **context) {
  return call_initialized(__func__, [&](Call &) -> int {
    if (context_stack().empty()) return INVALID_CONTEXT;
    if (context) *context = context_stack().back();
    context_stack().pop_back();
    return SUCCESS;
  });
}

CUDA_API cuCtxGetDevice(int *device) {
  return call_initialized(__func__, [&](Call &) -> int {
    if (context_stack().empty()) return INVALID_CONTEXT;
    *device = context_stack().back()->device->ordinal;
    return SUCCESS;
  });
}

CUDA_API cuCtxGetStreamPriorityRange(int *least, int *greatest) {
  return call_in_context(__func__, [&](Call &) -> int {
    *least = *greatest = 0;
    return SUCCESS;
  });
}

CUDA_API cuCtxSynchronize() {
  return call_in_context(__func__, [&](Call &call) -> int {
    for (const auto &capture : driver().captures.all()) {
      if (capture->origin->context != call.context) continue;
      capture->invalid = true;
      return call.refuse(STREAM_CAPTURE_UNSUPPORTED, "a stream of the context captures");
    }
    return drain(call, *call.context);
  });
}

CUDA_API cuDeviceCanAccessPeer(int *can, int device, int peer) {
  return call_initialized(__func__, [&](Call &) -> int {
    if (!driver().device(device) || !driver().device(peer)) return INVALID_DEVICE;
    *can = device != peer;
    return SUCCESS;
  });
}

CUDA_API cuCtxEnablePeerAccess(Context *peer, unsigned flags) {
  return call_in_context(__func__, [&](Call &call) -> int {
    if (flags) return INVALID_VALUE;
    if (!driver().alive(peer)) return INVALID_CONTEXT;
    if (peer->device == call.context->device) return PEER_ACCESS_UNSUPPORTED;
    return call.context->peers.insert(peer).second ? SUCCESS : PEER_ACCESS_ALREADY_ENABLED;
  });
}

CUDA_API cuCtxDisablePeerAccess(Context *peer) {
  return call_in_context(__func__, [&](Call &call) -> int {
    return call.context->peers.erase(peer) ? SUCCESS : PEER_ACCESS_NOT_ENABLED;
  });
}

}  // namespace sim
