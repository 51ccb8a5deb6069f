// The kernels compiled into the library, by name.
#pragma once

#include <string>
#include <vector>

namespace sim {

struct Parameter {
  unsigned bytes;
  bool pointer;
};

/** Bytes that hold a family's static shared memory. */
struct SharedMemory {
  char *start, *stop;
};

struct Kernel {
  std::string name;
  void (*thread)(void **arguments);  // runs one thread
  std::vector<Parameter> parameters;
  SharedMemory shared;
};

/** The kernel of this name, or null. */
const Kernel *find_kernel(const std::string &name);

void register_kernel(Kernel kernel);

}  // namespace sim
