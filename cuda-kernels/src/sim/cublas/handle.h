// A cuBLAS handle and the statuses.
#pragma once

#include <cstddef>

#include "../driver/library.h"

#define CUBLAS_API extern "C" SIM_EXPORT int

namespace sim::cublas {

enum Status : int {
  SUCCESS = 0,
  NOT_INITIALIZED = 1,
  ALLOC_FAILED = 3,
  INVALID_VALUE = 7,
  EXECUTION_FAILED = 13,
  NOT_SUPPORTED = 15,
};

struct Workspace {
  void *start = nullptr;
  size_t bytes = 0;
};

struct Handle {
  Stream *stream = nullptr;
  Workspace own, used;
  int math_mode = 0;
  bool device_scalars = false;  // pointer mode

  ~Handle() { free_for_library(own.start); }
};

template <class Body>
int call(const char *function, Handle *handle, Body body) {
  if (int fault = library_call(function)) return fault;
  if (!handle) return NOT_INITIALIZED;
  return body(*handle);
}

}  // namespace sim::cublas
