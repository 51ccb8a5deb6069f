// Included at the end of the file that build-sim writes for each .cu, before the list of its kernels.
#pragma once

#include <type_traits>
#include <utility>

#include "registry.h"

namespace sim {

template <auto kernel>
struct Adapter;

/** Calls a kernel's function with arguments given as addresses, as a launch passes them. */
template <class... T, void (*kernel)(T...)>
struct Adapter<kernel> {
  template <size_t... I>
  static void call([[maybe_unused]] void **arguments, std::index_sequence<I...>) {
    kernel(*static_cast<std::remove_cv_t<T> *>(arguments[I])...);
  }
  static void thread(void **arguments) { call(arguments, std::index_sequence_for<T...>{}); }
  static std::vector<Parameter> parameters() { return {Parameter{sizeof(T), std::is_pointer_v<T>}...}; }
};

}  // namespace sim

extern "C" {
// The linker's names for the section in which build-sim gathers the file's shared memory; absent if there is none.
extern char SIM_SHARED_START[] __attribute__((weak));
extern char SIM_SHARED_STOP[] __attribute__((weak));
}

#define SIM_REGISTER(kernel)                                                                                    \
  ::sim::register_kernel({#kernel, ::sim::Adapter<&kernel>::thread, ::sim::Adapter<&kernel>::parameters(), \
                          {SIM_SHARED_START, SIM_SHARED_STOP}});
