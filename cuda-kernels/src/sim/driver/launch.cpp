// The interface's part on functions and their launches.
#include <cstring>

#include "../kernel/grid.h"
#include "stream.h"

namespace sim {
namespace {

/** A launch's arguments, copied when it is made. */
struct Arguments {
  std::vector<uint64_t> words;
  std::vector<void *> pointers;

  Arguments(const Kernel &kernel, void **values) {
    size_t count = 0;
    for (const Parameter &parameter : kernel.parameters) count += (parameter.bytes + 7) / 8;
    words.resize(count);
    uint64_t *next = words.data();
    for (size_t i = 0; i < kernel.parameters.size(); i++) {
      memcpy(next, values[i], kernel.parameters[i].bytes);
      pointers.push_back(next);
      next += (kernel.parameters[i].bytes + 7) / 8;
    }
  }
};

bool is_known(const Function *function) { return driver().functions.count(function) > 0; }

/** Says what is wrong with a pointer for a kernel of this context; empty if it may be used. */
std::string objection(const Context &context, Address address) {
  if (!address || context.device->memory.holds(address, 0)) return "";
  if (driver().pinned.holds(reinterpret_cast<void *>(address), 1)) return "";
  const Device *owner = driver().owner(address);
  if (!owner) return "is no device memory";
  if (owner == context.device) return "is memory that was freed or never allocated";
  for (const Context *peer : context.peers) {
    if (peer->device == owner && owner->memory.holds(address, 0)) return "";
  }
  return "is memory of device " + std::to_string(owner->ordinal);
}

/** As on a GPU, a bad pointer shows when the kernel runs. */
Failure check_pointers(const Kernel &kernel, const Arguments &arguments, const Context &context) {
  std::lock_guard lock(driver().mutex);
  if (int fault = driver().faults.count(kernel.name)) return {fault, "as told"};
  for (size_t i = 0; i < kernel.parameters.size(); i++) {
    if (!kernel.parameters[i].pointer) continue;
    Address address = *static_cast<Address *>(arguments.pointers[i]);
    std::string reason = objection(context, address);
    if (reason.empty()) continue;
    char text[200];
    snprintf(text, sizeof text, "parameter %zu, %#zx, %s", i, static_cast<size_t>(address), reason.c_str());
    return {ILLEGAL_ADDRESS, text};
  }
  return {};
}

int check_shape(Call &call, const Function &function, const LaunchShape &shape) {
  const dim3 &grid = shape.grid, &block = shape.block;
  if (!grid.x || !grid.y || !grid.z || grid.x > 2147483647u || grid.y > 65535 || grid.z > 65535) {
    return call.refuse(INVALID_VALUE, "%s: grid of %u x %u x %u", function.name.c_str(), grid.x, grid.y, grid.z);
  }
  uint64_t threads = uint64_t{block.x} * block.y * block.z;
  if (!threads || block.x > 1024 || block.y > 1024 || block.z > 64 || threads > function.max_threads) {
    return call.refuse(INVALID_VALUE, "%s: block of %u x %u x %u, at most %u threads", function.name.c_str(), block.x,
                       block.y, block.z, function.max_threads);
  }
  if (shape.dynamic_shared + function.static_shared > function.max_shared) {
    return call.refuse(INVALID_VALUE, "%s: %u bytes of shared memory, at most %u", function.name.c_str(),
                       shape.dynamic_shared + function.static_shared, function.max_shared);
  }
  return SUCCESS;
}

int launch(Call &call, Function *function, const LaunchShape &shape, Stream *handle, void **values, void **extra) {
  if (!is_known(function)) return INVALID_HANDLE;
  Stream *stream = stream_of(call, handle);
  if (!stream) return INVALID_HANDLE;
  if (stream->context != call.context || function->context != call.context) {
    return call.refuse(INVALID_HANDLE, "%s: stream or module of another context", function->name.c_str());
  }
  if (extra || (!values && !function->kernel->parameters.empty())) return INVALID_VALUE;
  if (int code = check_shape(call, *function, shape)) return code;
  const Kernel &kernel = *function->kernel;
  auto arguments = std::make_shared<Arguments>(kernel, values);
  return submit(call, *stream, {function->name, [=, &kernel, context = call.context]() -> Failure {
                                  Failure failure = check_pointers(kernel, *arguments, *context);
                                  if (!failure.code) {
                                    run_grid(kernel, shape, arguments->pointers.data(), driver().settings.order);
                                  }
                                  return failure;
                                }});
}

int attribute(int *value, int which, const Function &function) {
  switch (which) {
    case 0: *value = static_cast<int>(function.max_threads); return SUCCESS;
    case 1: *value = static_cast<int>(function.static_shared); return SUCCESS;
    case 8: *value = static_cast<int>(function.max_shared - function.static_shared); return SUCCESS;
    default: *value = 0; return SUCCESS;
  }
}

}  // namespace

CUDA_API cuLaunchKernel(Function *function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x,
                        unsigned block_y, unsigned block_z, unsigned shared, Stream *stream, void **values,
                        void **extra) {
  LaunchShape shape{{grid_x, grid_y, grid_z}, {block_x, block_y, block_z}, shared};
  return call_in_context(__func__,
                         [&](Call &call) { return launch(call, function, shape, stream, values, extra); });
}

CUDA_API cuLaunchHostFunc(Stream *handle, void (*function)(void *), void *data) {
  return call_in_context(__func__, [&](Call &call) -> int {
    Stream *stream = stream_of(call, handle);
    if (!stream || stream->context != call.context) return INVALID_HANDLE;
    return submit(call, *stream, {"host function",
                                  [=]() -> Failure {
                                    function(data);
                                    return {};
                                  },
                                  false});
  });
}

CUDA_API cuFuncGetAttribute(int *value, int which, Function *function) {
  return call_in_context(__func__, [&](Call &) -> int {
    return is_known(function) ? attribute(value, which, *function) : static_cast<int>(INVALID_HANDLE);
  });
}

CUDA_API cuFuncSetAttribute(Function *function, int which, int value) {
  return call_in_context(__func__, [&](Call &) -> int {
    constexpr int kMaxDynamicShared = 8, kOptIn = 99 << 10;
    if (!is_known(function)) return INVALID_HANDLE;
    if (which != kMaxDynamicShared) return SUCCESS;
    if (value < 0 || value + static_cast<int>(function->static_shared) > kOptIn) return INVALID_VALUE;
    function->max_shared = static_cast<unsigned>(value) + function->static_shared;
    return SUCCESS;
  });
}

CUDA_API cuFuncSetCacheConfig(Function *function, int) {
  return call_in_context(__func__,
                         [&](Call &) -> int { return is_known(function) ? SUCCESS : INVALID_HANDLE; });
}

}  // namespace sim
