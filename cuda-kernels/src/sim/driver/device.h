// The objects behind the driver's handles.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "../kernel/registry.h"
#include "graph.h"
#include "memory.h"
#include "work.h"

namespace sim {

struct Device;

struct Context {
  Device *device;
  bool primary;
  bool alive = true;
  int retained = 0;
  int error = 0;                // sticky
  std::set<Context *> peers;    // whose memory may be used
  std::unique_ptr<Stream> legacy;  // the default stream
};

struct Operation {
  unsigned long number;
  Work work;
  MarkerPointer awaited;  // does nothing before this is reached
  MarkerPointer marker;   // reached once it is done
};

struct Stream {
  Context *context;
  unsigned flags;
  std::deque<Operation> operations;
  unsigned long issued = 0, wanted = 0, finished = 0;  // numbers of operations
  Capture *capture = nullptr;
  std::set<size_t> tail;  // while capturing: the nodes that the next one waits for

  bool blocking() const { return !(flags & 1); }
};

struct Event {
  Context *context;
  unsigned flags;
  MarkerPointer marker;        // null before the first record
  Capture *capture = nullptr;  // recorded in a capture,
  std::set<size_t> nodes;      // after these
};

struct Function {
  std::string name;
  Context *context;
  const Kernel *kernel;
  unsigned max_threads = 1024;
  unsigned static_shared = 0;         // bytes
  unsigned max_shared = 48 << 10;     // static and dynamic
};

struct Module {
  Context *context;
  std::map<std::string, std::unique_ptr<Function>> functions;
};

struct Device {
  int ordinal;
  DeviceMemory memory;
  Context primary;
  bool stop = false;
  std::thread worker;

  Device(int ordinal, size_t capacity) : ordinal(ordinal), memory(capacity), primary{this, true} {}
};

}  // namespace sim
