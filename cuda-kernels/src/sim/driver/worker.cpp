#include <chrono>
#include <cstdio>

#include "stream.h"

namespace sim {
namespace {

double now() {
  using namespace std::chrono;
  return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

/** The stream's first operation, if it is wanted and need not wait. */
Operation *runnable(Stream &stream) {
  if (stream.operations.empty()) return nullptr;
  Operation &first = stream.operations.front();
  if (first.number > stream.wanted) return nullptr;
  if (!first.awaited || first.awaited->reached) return &first;
  want(first.awaited);
  return nullptr;
}

Stream *next_stream(Device &device) {
  if (device.primary.legacy && runnable(*device.primary.legacy)) return device.primary.legacy.get();
  for (const auto &context : driver().contexts.all()) {
    if (context->device == &device && context->legacy && runnable(*context->legacy)) return context->legacy.get();
  }
  for (const auto &stream : driver().streams.all()) {
    if (stream->context->device == &device && runnable(*stream)) return stream.get();
  }
  return nullptr;
}

/** Does the work with the driver's mutex released; a context with a sticky error does nothing more. */
void perform(std::unique_lock<std::mutex> &lock, const Work &work, Context &context) {
  if (!work.run || context.error) return;
  Failure failure;
  lock.unlock();
  if (work.on_device) {
    std::lock_guard alone(driver().execution);
    failure = guarded(work.run);
  } else {
    failure = work.run();
  }
  lock.lock();
  if (!failure.code) return;
  fprintf(stderr, "simulated CUDA: %s on device %d failed: %s\n", work.name.c_str(), context.device->ordinal,
          failure.reason.c_str());
  if (!context.error) context.error = failure.code;
}

void work_off(Device &device) {
  Driver &state = driver();
  std::unique_lock lock(state.mutex);
  while (!device.stop) {
    unsigned long wishes = state.wishes;
    Stream *stream = next_stream(device);
    if (!stream) {
      if (wishes == state.wishes) state.changed.wait(lock);  // else the search itself found what has to run first
      continue;
    }
    Operation operation = std::move(stream->operations.front());
    stream->operations.pop_front();
    perform(lock, operation.work, *stream->context);
    stream->finished = operation.number;
    if (operation.marker) {
      operation.marker->reached = true;
      operation.marker->milliseconds = now();
    }
    state.changed.notify_all();
  }
}

}  // namespace

void start_worker(Device &device) { device.worker = std::thread(work_off, std::ref(device)); }

}  // namespace sim
