// Runs a launch: its blocks one after another, each block's threads on one OS thread.
#pragma once

#include "include/sim_thread.h"
#include "registry.h"

namespace sim {

struct LaunchShape {
  dim3 grid, block;
  unsigned dynamic_shared;  // bytes
};

enum class ThreadOrder { FORWARD, BACKWARD };

/** Runs all threads; to be called in guarded work, where a wrong kernel is abandoned. One at a time in the process. */
void run_grid(const Kernel &kernel, const LaunchShape &shape, void **arguments, ThreadOrder order);

}  // namespace sim
