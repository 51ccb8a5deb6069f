// The statuses of cuDNN 9 and how a call enters the library.
#pragma once

#include "../driver/library.h"

#define CUDNN_API extern "C" SIM_EXPORT int

namespace sim::cudnn {

enum Status : int {
  SUCCESS = 0,
  NOT_INITIALIZED = 1001,
  BAD_PARAM = 2000,
  BAD_PARAM_NULL_POINTER = 2002,
  NOT_SUPPORTED = 3000,
  EXECUTION_FAILED = 5000,
};

struct Handle {
  Stream *stream = nullptr;
};

/** Calls the body unless a fault was injected or one of the pointers is null. */
template <class Body, class... Pointer>
int call(const char *function, Body body, Pointer... pointers) {
  if (int fault = library_call(function)) return fault;
  if ((!pointers || ...)) return BAD_PARAM_NULL_POINTER;
  return body();
}

}  // namespace sim::cudnn
