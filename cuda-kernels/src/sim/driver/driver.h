// The driver's state and how a call of its interface enters it.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <set>
#include <memory>
#include <mutex>
#include <vector>

#include "device.h"
#include "fault.h"
#include "result.h"
#include "settings.h"

#define CUDA_API extern "C" __attribute__((visibility("default"))) int

namespace sim {

/** The objects of one kind that callers hold handles of. */
template <class T>
class Handles {
 public:
  T *add(std::unique_ptr<T> object) { return objects_.emplace_back(std::move(object)).get(); }
  bool has(const T *handle) const {
    return std::any_of(objects_.begin(), objects_.end(), [&](auto &object) { return object.get() == handle; });
  }
  void remove(const T *handle) {
    remove_if([&](const T &object) { return &object == handle; });
  }
  template <class Predicate>
  void remove_if(Predicate predicate) {
    std::erase_if(objects_, [&](auto &object) { return predicate(*object); });
  }
  void clear() { objects_.clear(); }
  /** In the order in which they were added. */
  const std::vector<std::unique_ptr<T>> &all() const { return objects_; }

 private:
  std::vector<std::unique_ptr<T>> objects_;
};

struct Driver {
  std::mutex mutex;  // of everything below
  std::condition_variable changed;
  unsigned long wishes = 0;  // how often somebody began to wait for something
  bool configured = false;  // whether the settings make sense
  bool initialized = false;
  unsigned long restarts = 0;
  Settings settings;
  Faults faults;
  std::vector<std::unique_ptr<Device>> devices;
  PinnedMemory pinned;
  Handles<Context> contexts;  // but primary ones
  Handles<Stream> streams;
  Handles<Event> events;
  Handles<Module> modules;
  std::set<const Function *> functions;  // of all modules
  Handles<Graph> graphs;
  Handles<GraphExec> execs;
  Handles<Capture> captures;
  std::mutex execution;  // held by the worker whose work runs

  Driver() { configure(""); }
  /** Reads the settings, from the environment and as these changes say; nothing else may exist yet. */
  void configure(const char *changes);
  Device *device(int ordinal) const {
    return ordinal >= 0 && ordinal < static_cast<int>(devices.size()) ? devices[ordinal].get() : nullptr;
  }
  bool alive(const Context *context) const;
  /** The device whose address space this is in, or null. */
  Device *owner(Address address) const;
};

/** The one driver of the process; it lives as long as the process. */
Driver &driver();

/** The calling thread's contexts, the current one last. */
std::vector<Context *> &context_stack();

/** A call that is in the driver, holding its mutex. */
struct Call {
  const char *function;
  std::unique_lock<std::mutex> lock;
  Context *context = nullptr;  // the current one, if the call needs one

  /** Prints why the call is going to fail, and returns the code. */
  int refuse(int code, const char *format, ...) __attribute__((format(printf, 3, 4)));
};

/** Enters a call: counts it, fails it if a fault was injected. */
int enter(Call &call);
/** As enter, and checks that there is a current context without a sticky error. */
int enter_context(Call &call);

template <class Body>
int call(const char *function, Body body) {
  Call call{function, std::unique_lock(driver().mutex)};
  int code = enter(call);
  return code ? code : body(call);
}

template <class Body>
int call_initialized(const char *function, Body body) {
  return call(function, [&](Call &call) -> int { return driver().initialized ? body(call) : NOT_INITIALIZED; });
}

template <class Body>
int call_in_context(const char *function, Body body) {
  Call call{function, std::unique_lock(driver().mutex)};
  int code = enter_context(call);
  return code ? code : body(call);
}

}  // namespace sim
