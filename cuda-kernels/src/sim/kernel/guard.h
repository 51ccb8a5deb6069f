// Runs work of a device so that a bad memory access ends the work, not the process.
#pragma once

#include <functional>
#include <string>

namespace sim {

struct Failure {
  int code = 0;  // a CUresult
  std::string reason;
};

/** Makes SIGSEGV, SIGBUS, SIGILL and SIGFPE in guarded work a failure of the work; others go where they went before. */
void install_fault_handlers();

/** Runs the work on a stack of its own; what it held when it failed is not released. */
Failure guarded(const std::function<Failure()> &work);

/** Ends guarded work from within, as a fault would. */
[[noreturn]] void abandon(int code, const char *reason);

}  // namespace sim
