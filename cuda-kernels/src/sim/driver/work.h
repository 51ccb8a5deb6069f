// What waits in streams and graphs.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "../kernel/guard.h"

namespace sim {

struct Stream;

/** Something a device does; may be done again when it is part of a graph. */
struct Work {
  std::string name;  // of the kernel or the function
  std::function<Failure()> run;
  bool on_device = true;  // false for host functions, which may take their time
};

/** A point in a stream that others can wait for. */
struct Marker {
  Stream *stream = nullptr;
  unsigned long number = 0;  // of the operation that reaches it
  bool reached = true;
  double milliseconds = 0;  // when
};

using MarkerPointer = std::shared_ptr<Marker>;

}  // namespace sim
