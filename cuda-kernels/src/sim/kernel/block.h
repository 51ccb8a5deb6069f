// The threads of the block that runs.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "fibre.h"
#include "grid.h"

namespace sim {

/** A simulated thread; it has a fibre of its own only from its first wait until it returns. */
struct Thread {
  dim3 index;
  unsigned lane, warp;
  Fibre *fibre = nullptr;
  uint64_t value = 0;   // brought to a warp's exchange, and what was given for it
  unsigned source = 0;  // the lane whose value is wanted
  unsigned mask = 0;    // the lanes waited for
};

struct Warp {
  unsigned lanes = 0;     // that exist
  unsigned returned = 0;  // lanes
  unsigned arrived = 0;   // lanes that wait for others of the warp
};

/**
 * Takes the threads one after another in a plain loop on one fibre. A thread that has to wait keeps the fibre, and
 * another fibre goes on with the loop: a kernel without barriers never switches, one with barriers only as often as
 * it waits.
 */
class Block {
 public:
  void start(const Kernel &kernel, const LaunchShape &shape, void **arguments, ThreadOrder order);
  void run(const dim3 &index);

  void barrier();
  int vote(Vote vote, bool predicate);
  uint64_t exchange(unsigned mask, uint64_t value, unsigned source);
  unsigned ballot(unsigned mask, bool predicate);
  unsigned active() const;
  void *shared() { return shared_.data() + (-reinterpret_cast<uintptr_t>(shared_.data()) & 15); }

 private:
  static void loop();
  void take_threads();
  void prepare_memory();
  void check_memory();
  void wait();
  void resume(Thread &thread);
  unsigned checked(unsigned mask, const char *operation) const;
  /** Waits for the lanes of the mask; the last to come gives each give(lanes, its number) in place of its value. */
  template <class Give>
  uint64_t join_warp(unsigned mask, uint64_t value, Give give);
  [[noreturn]] void diverged() const;
  Fibre &free_fibre();

  const Kernel *kernel_ = nullptr;
  void **arguments_ = nullptr;
  ThreadOrder order_ = ThreadOrder::FORWARD;
  unsigned dynamic_bytes_ = 0;
  std::vector<Thread> threads_;
  std::vector<Warp> warps_;
  std::vector<char> shared_;

  std::vector<std::unique_ptr<Fibre>> fibres_;
  std::vector<Fibre *> free_;
  std::deque<Thread *> ready_;
  void *back_ = nullptr;
  Thread *current_ = nullptr;
  Fibre *fibre_ = nullptr;  // that runs
  unsigned next_ = 0, returned_ = 0, waiting_ = 0;
  int votes_ = 0, voted_ = 0;
  bool clean_ = true;
};

}  // namespace sim
