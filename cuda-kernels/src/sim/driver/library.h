// What the simulated libraries ask of the simulated driver; exported by libcuda.so.1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#define SIM_EXPORT __attribute__((visibility("default")))

namespace sim {

struct Stream;

/** Counts a call of a library's function; the status it is to fail with, or 0. */
SIM_EXPORT int library_call(const char *function);

/** Whether there is a current context without a sticky error. */
SIM_EXPORT bool context_usable();

/** Major version of the current device's compute capability. */
SIM_EXPORT int capability_major();

/** Memory that work reads or writes. */
struct Operand {
  const void *start;
  size_t bytes;
};

/** Gives work to the stream, which fails if an operand is not live memory of the stream's device; a CUresult. */
SIM_EXPORT int submit_library_work(Stream *stream, const char *name, std::vector<Operand> operands,
                                   std::function<void()> run);

/** Whether the stream captures. */
SIM_EXPORT bool is_capturing(Stream *stream);

/** Waits for the stream's work; a CUresult. A capture is made invalid. */
SIM_EXPORT int wait_for_stream(Stream *stream);

/** Memory that a library takes for itself; null if there is none. */
SIM_EXPORT void *allocate_for_library(size_t bytes);
SIM_EXPORT void free_for_library(void *start);

/** Prints one line about a call. */
SIM_EXPORT void complain(const char *function, const char *format, ...) __attribute__((format(printf, 2, 3)));

}  // namespace sim
