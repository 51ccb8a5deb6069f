#include "guard.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <cstdlib>
#include <memory>
#include <mutex>

#include "../driver/result.h"
#include "fibre.h"

namespace sim {
namespace {

struct Guarded {
  const std::function<Failure()> *work = nullptr;
  Failure outcome;
  void *back = nullptr;  // the stack that asked for the work
  std::unique_ptr<Fibre> fibre;
};

thread_local Guarded *running = nullptr;
struct sigaction previous[NSIG];

void body() {
  for (;;) {
    running->outcome = (*running->work)();
    running->fibre->leave(running->back);
  }
}

void describe(char *text, size_t size, int signal, const void *address) {
  if (signal == SIGILL) {
    snprintf(text, size, "misaligned access, or an index outside a fixed array");
  } else if (signal == SIGFPE) {
    snprintf(text, size, "integer division by zero");
  } else {
    snprintf(text, size, "access to address %p, which is no live memory", address);
  }
}

void on_fault(int signal, siginfo_t *info, void *context) {
  if (running) {
    pthread_sigmask(SIG_SETMASK, &static_cast<ucontext_t *>(context)->uc_sigmask, nullptr);
    char text[96];
    describe(text, sizeof text, signal, info->si_addr);
    abandon(signal == SIGILL ? MISALIGNED_ADDRESS : ILLEGAL_ADDRESS, text);
  }
  struct sigaction &old = previous[signal];
  if (old.sa_flags & SA_SIGINFO) {
    old.sa_sigaction(signal, info, context);
  } else if (old.sa_handler != SIG_DFL && old.sa_handler != SIG_IGN) {
    old.sa_handler(signal);
  } else {
    sigaction(signal, &old, nullptr);  // the access is repeated and ends the process as it would have
  }
}

}  // namespace

void install_fault_handlers() {
  static std::once_flag once;
  std::call_once(once, [] {
    for (int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE}) {
      sigaction(signal, nullptr, &previous[signal]);
      struct sigaction ours = previous[signal];
      ours.sa_flags = (ours.sa_flags | SA_SIGINFO | SA_ONSTACK) & ~SA_RESETHAND;
      ours.sa_sigaction = on_fault;
      sigaction(signal, &ours, nullptr);
    }
  });
}

Failure guarded(const std::function<Failure()> &work) {
  static thread_local std::unique_ptr<Fibre> spare;
  Guarded frame;
  frame.work = &work;
  frame.fibre = spare ? std::move(spare) : std::make_unique<Fibre>(body);
  running = &frame;
  frame.fibre->enter(frame.back);
  running = nullptr;
  if (!frame.outcome.code) spare = std::move(frame.fibre);  // a failed one may hang anywhere within its work
  return std::move(frame.outcome);
}

void abandon(int code, const char *reason) {
  running->outcome = {code, reason};
  running->fibre->leave(running->back);
  abort();  // nobody enters a failed fibre again
}

}  // namespace sim
