// How the simulated machine is made, from the environment and from ventral_sim_restart.
#pragma once

#include <cstddef>
#include <string>

#include "../kernel/grid.h"

namespace sim {

struct Settings {
  int devices = 2;
  size_t memory = size_t{1024} << 20;  // bytes per device
  int driver = 12060;                  // as cuDriverGetVersion answers
  int major = 8, minor = 0;            // compute capability
  bool lazy = true;                    // work runs only when somebody waits for it
  ThreadOrder order = ThreadOrder::FORWARD;
  std::string faults;

  /** The settings of VENTRAL_SIM_…, then those of "name=value name=value"; false if one makes no sense. */
  bool read(const char *changes);

 private:
  bool set(const std::string &name, const std::string &value);
};

}  // namespace sim
