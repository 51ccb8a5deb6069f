// Stacks that a thread can leave and come back to. One OS thread runs many, one at a time.
#pragma once

namespace sim {

class Fibre {
 public:
  /** A fibre that starts in `entry` at the first switch to it; `entry` must never return. */
  explicit Fibre(void (*entry)());
  ~Fibre();
  Fibre(const Fibre &) = delete;
  Fibre &operator=(const Fibre &) = delete;

  /** Leaves the running stack, whose pointer goes into `from`, for this one. */
  void enter(void *&from);
  /** Leaves this fibre, to be entered again later, for the stack that `to` points into. */
  void leave(void *to);
  /** Leaves this fibre for `next`. */
  void pass(Fibre &next);

 private:
  static constexpr unsigned long kBytes = 256 * 1024, kSpread = 64 * 1024, kPage = 4096;
  char *stack_;
  void *top_;
};

}  // namespace sim
