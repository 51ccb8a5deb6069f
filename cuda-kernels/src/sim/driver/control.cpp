// How a test steers the simulation.
#include <cstdio>

#include "stream.h"

namespace sim {
namespace {

void stop_workers(std::unique_lock<std::mutex> &lock) {
  Driver &state = driver();
  for (const auto &device : state.devices) device->stop = true;
  state.changed.notify_all();
  lock.unlock();
  for (const auto &device : state.devices) device->worker.join();
  lock.lock();
}

/** Forgets all objects; what waited in streams is never done. */
void forget(Driver &state) {
  state.captures.clear();
  state.execs.clear();
  state.graphs.clear();
  state.modules.clear();
  state.functions.clear();
  state.events.clear();
  state.streams.clear();
  state.contexts.clear();
  state.devices.clear();
  state.pinned.clear();
  state.initialized = false;
  state.restarts++;
}

}  // namespace

/** Makes the machine anew, as the environment and then "name=value name=value" say; cuInit has to be called again. */
CUDA_API ventral_sim_restart(const char *settings) {
  Driver &state = driver();
  std::unique_lock lock(state.mutex);
  stop_workers(lock);
  forget(state);
  state.configure(settings);
  return state.configured ? SUCCESS : INVALID_VALUE;
}

/** Adds faults "function:nth:code,…", counted from now on. */
CUDA_API ventral_sim_faults(const char *list) {
  std::lock_guard lock(driver().mutex);
  return driver().faults.add(list) ? SUCCESS : INVALID_VALUE;
}

/** How often a function was called, or a kernel run. */
CUDA_API ventral_sim_calls(const char *function) {
  std::lock_guard lock(driver().mutex);
  return static_cast<int>(driver().faults.calls(function));
}

/** How many allocations of device memory live. */
CUDA_API ventral_sim_allocations() {
  std::lock_guard lock(driver().mutex);
  size_t count = 0;
  for (const auto &device : driver().devices) count += device->memory.count();
  return static_cast<int>(count);
}

}  // namespace sim
