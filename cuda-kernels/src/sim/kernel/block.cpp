#include "block.h"

#include <algorithm>
#include <bit>
#include <cstdio>

#include "../driver/result.h"
#include "guard.h"

namespace sim {

Indices indices;

namespace {

constexpr unsigned kGuardBytes = 64;
constexpr char kPoison = static_cast<char>(0xFF), kGuard = static_cast<char>(0xA5);
Block &block = *new Block;  // never destroyed: a worker may run when the process ends

}  // namespace

void Block::start(const Kernel &kernel, const LaunchShape &shape, void **arguments, ThreadOrder order) {
  if (!clean_) {  // the last launch was abandoned
    fibres_.clear();
    free_.clear();
    ready_.clear();
  }
  kernel_ = &kernel;
  arguments_ = arguments;
  order_ = order;
  dynamic_bytes_ = shape.dynamic_shared;
  const dim3 &extent = shape.block;
  unsigned count = extent.x * extent.y * extent.z;
  threads_.assign(count, {});
  warps_.assign((count + 31) / 32, {});
  for (unsigned i = 0; i < count; i++) {
    threads_[i].index = dim3(i % extent.x, i / extent.x % extent.y, i / (extent.x * extent.y));
    threads_[i].lane = i % 32;
    threads_[i].warp = i / 32;
    warps_[i / 32].lanes |= 1u << i % 32;
  }
  shared_.resize(dynamic_bytes_ + kGuardBytes + 16);
  indices.block_extent = extent;
  indices.grid_extent = shape.grid;
}

void Block::run(const dim3 &index) {
  indices.block = index;
  next_ = returned_ = waiting_ = 0;
  for (Warp &warp : warps_) warp.returned = warp.arrived = 0;
  prepare_memory();
  clean_ = false;
  fibre_ = &free_fibre();
  fibre_->enter(back_);
  clean_ = true;
  check_memory();
}

void Block::prepare_memory() {
  std::fill(kernel_->shared.start, kernel_->shared.stop, kPoison);
  char *dynamic = static_cast<char *>(shared());
  std::fill_n(dynamic, dynamic_bytes_, kPoison);
  std::fill_n(dynamic + dynamic_bytes_, kGuardBytes, kGuard);
}

void Block::check_memory() {
  char *end = static_cast<char *>(shared()) + dynamic_bytes_;
  if (std::any_of(end, end + kGuardBytes, [](char c) { return c != kGuard; })) {
    abandon(ILLEGAL_ADDRESS, "wrote past the end of its dynamic shared memory");
  }
}

Fibre &Block::free_fibre() {
  if (free_.empty()) {
    fibres_.push_back(std::make_unique<Fibre>(loop));
    free_.push_back(fibres_.back().get());
  }
  Fibre *fibre = free_.back();
  free_.pop_back();
  return *fibre;
}

void Block::loop() {
  for (;;) {
    block.take_threads();
    // Nothing left to start: this fibre is free, and whoever waits no longer goes on.
    Fibre *self = block.fibre_;
    block.free_.push_back(self);
    if (block.returned_ == block.threads_.size()) {
      self->leave(block.back_);
    } else if (!block.ready_.empty()) {
      Thread *next = block.ready_.front();
      block.ready_.pop_front();
      block.resume(*next);
      self->pass(*next->fibre);
    } else {
      block.diverged();
    }
  }
}

void Block::take_threads() {
  unsigned count = static_cast<unsigned>(threads_.size());
  while (next_ < count) {
    unsigned position = next_++;
    Thread &thread = threads_[order_ == ThreadOrder::FORWARD ? position : count - 1 - position];
    current_ = &thread;
    indices.thread = thread.index;
    indices.lane = thread.lane;
    kernel_->thread(arguments_);
    current_->fibre = nullptr;
    warps_[current_->warp].returned |= 1u << current_->lane;
    returned_++;
  }
}

void Block::resume(Thread &thread) {
  current_ = &thread;
  fibre_ = thread.fibre;
  indices.thread = thread.index;
  indices.lane = thread.lane;
}

/** Leaves the current thread until another has put it among the ready ones. */
void Block::wait() {
  Fibre *self = current_->fibre = fibre_;
  if (!ready_.empty()) {
    Thread *next = ready_.front();
    ready_.pop_front();
    resume(*next);
    self->pass(*next->fibre);
  } else if (next_ < threads_.size()) {
    fibre_ = &free_fibre();
    self->pass(*fibre_);
  } else {
    diverged();
  }
}

void Block::diverged() const {
  unsigned in_warps = 0;
  for (const Warp &warp : warps_) in_warps += std::popcount(warp.arrived);
  char text[160];
  snprintf(text, sizeof text,
           "divergent barrier: of %zu threads %u wait for the block, %u for their warp, %u have returned",
           threads_.size(), waiting_, in_warps, returned_);
  abandon(LAUNCH_FAILED, text);
}

void Block::barrier() {
  if (++waiting_ < threads_.size()) return wait();
  waiting_ = 0;
  for (Thread &thread : threads_) {
    if (&thread != current_) ready_.push_back(&thread);
  }
}

int Block::vote(Vote vote, bool predicate) {
  if (waiting_ == 0) votes_ = 0;
  votes_ += predicate;
  if (waiting_ + 1 == threads_.size()) voted_ = votes_;
  barrier();
  int count = voted_;
  barrier();  // nobody votes again before all have read
  switch (vote) {
    case Vote::ALL: return count == static_cast<int>(threads_.size());
    case Vote::ANY: return count > 0;
    case Vote::COUNT: break;
  }
  return count;
}

/** The lanes that the current one names, itself among them and none that has returned. */
unsigned Block::checked(unsigned mask, const char *operation) const {
  const Warp &warp = warps_[current_->warp];
  mask &= warp.lanes;
  if (mask >> current_->lane & 1 && !(mask & warp.returned)) return mask;
  char text[120];
  snprintf(text, sizeof text, "%s by lane %u with mask %08x; lanes %08x have returned", operation, current_->lane, mask,
           warp.returned);
  abandon(LAUNCH_FAILED, text);
}

template <class Give>
uint64_t Block::join_warp(unsigned mask, uint64_t value, Give give) {
  Thread &self = *current_;
  Warp &warp = warps_[self.warp];
  self.mask = mask;
  self.value = value;
  warp.arrived |= 1u << self.lane;
  if ((warp.arrived & mask) != mask) {
    wait();
    return self.value;
  }
  Thread *lanes = &threads_[self.warp * 32];
  uint64_t given[32];
  for (unsigned rest = mask; rest; rest &= rest - 1) {
    unsigned lane = std::countr_zero(rest);
    if (lanes[lane].mask != mask) abandon(LAUNCH_FAILED, "lanes of one warp operation disagree about its mask");
    given[lane] = give(lanes, lane);
  }
  warp.arrived &= ~mask;
  for (unsigned rest = mask; rest; rest &= rest - 1) {
    Thread &lane = lanes[std::countr_zero(rest)];
    lane.value = given[lane.lane];
    if (&lane != &self) ready_.push_back(&lane);
  }
  return self.value;
}

uint64_t Block::exchange(unsigned mask, uint64_t value, unsigned source) {
  mask = checked(mask, "shuffle");
  current_->source = source % 32;
  return join_warp(mask, value, [mask](const Thread *lanes, unsigned lane) {
    unsigned from = lanes[lane].source;
    return mask >> from & 1 ? lanes[from].value : ~0ull;  // the value of an absent lane is undefined
  });
}

unsigned Block::ballot(unsigned mask, bool predicate) {
  mask = checked(mask, "vote");
  return static_cast<unsigned>(join_warp(mask, predicate, [mask](const Thread *lanes, unsigned) {
    uint64_t votes = 0;
    for (unsigned rest = mask; rest; rest &= rest - 1) {
      unsigned lane = std::countr_zero(rest);
      votes |= lanes[lane].value << lane;
    }
    return votes;
  }));
}

unsigned Block::active() const {
  const Warp &warp = warps_[current_->warp];
  return warp.lanes & ~warp.returned;
}

void block_barrier() { block.barrier(); }
int block_vote(Vote vote, bool predicate) { return block.vote(vote, predicate); }
uint64_t warp_exchange(unsigned mask, uint64_t value, unsigned source) { return block.exchange(mask, value, source); }
unsigned warp_ballot(unsigned mask, bool predicate) { return block.ballot(mask, predicate); }
unsigned warp_active() { return block.active(); }
void *dynamic_shared() { return block.shared(); }
void trap() { abandon(LAUNCH_FAILED, "__trap()"); }

void run_grid(const Kernel &kernel, const LaunchShape &shape, void **arguments, ThreadOrder order) {
  block.start(kernel, shape, arguments, order);
  for (unsigned z = 0; z < shape.grid.z; z++) {
    for (unsigned y = 0; y < shape.grid.y; y++) {
      for (unsigned x = 0; x < shape.grid.x; x++) block.run(dim3(x, y, z));
    }
  }
}

}  // namespace sim
