#include "library.h"

#include <cstdarg>
#include <cstdio>

#include "stream.h"

extern "C" {
int cuStreamSynchronize(sim::Stream *stream);
int cuMemAlloc_v2(sim::Address *start, size_t bytes);
int cuMemFree_v2(sim::Address start);
}

namespace sim {

namespace {

Failure check(const Device &device, const std::vector<Operand> &operands) {
  std::lock_guard lock(driver().mutex);
  for (const Operand &operand : operands) {
    if (!operand.bytes || device.memory.holds(reinterpret_cast<Address>(operand.start), operand.bytes)) continue;
    char text[120];
    snprintf(text, sizeof text, "%zu bytes at %p are no live memory of the device", operand.bytes, operand.start);
    return {ILLEGAL_ADDRESS, text};
  }
  return {};
}

}  // namespace

int library_call(const char *function) {
  std::lock_guard lock(driver().mutex);
  return driver().faults.count(function);
}

bool context_usable() {
  std::lock_guard lock(driver().mutex);
  if (!driver().initialized || context_stack().empty()) return false;
  Context *context = context_stack().back();
  return driver().alive(context) && !context->error;
}

int capability_major() {
  std::lock_guard lock(driver().mutex);
  return driver().settings.major;
}

int submit_library_work(Stream *handle, const char *name, std::vector<Operand> operands, std::function<void()> run) {
  Call call{name, std::unique_lock(driver().mutex)};
  if (context_stack().empty()) return INVALID_CONTEXT;
  call.context = context_stack().back();
  if (call.context->error) return call.context->error;
  Stream *stream = stream_of(call, handle);
  if (!stream) return INVALID_HANDLE;
  if (stream->context != call.context) return call.refuse(INVALID_HANDLE, "the stream is another context's");
  return submit(call, *stream, {name, [=, &device = *call.context->device]() -> Failure {
                                  Failure failure = check(device, operands);
                                  if (!failure.code) run();
                                  return failure;
                                }});
}

bool is_capturing(Stream *stream) {
  std::lock_guard lock(driver().mutex);
  return driver().streams.has(stream) && stream->capture;
}

int wait_for_stream(Stream *stream) { return cuStreamSynchronize(stream); }

void *allocate_for_library(size_t bytes) {
  Address start = 0;
  return cuMemAlloc_v2(&start, bytes) ? nullptr : reinterpret_cast<void *>(start);
}

void free_for_library(void *start) { cuMemFree_v2(reinterpret_cast<Address>(start)); }

void complain(const char *function, const char *format, ...) {
  char text[300];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  fprintf(stderr, "simulated CUDA: %s: %s\n", function, text);
}

}  // namespace sim
