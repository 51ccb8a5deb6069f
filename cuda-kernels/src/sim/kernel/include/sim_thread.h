// What device code asks of the simulation while it runs: who am I, wait, exchange. Included by cuda_on_host.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

struct dim3 {
  unsigned x = 1, y = 1, z = 1;
  constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};

namespace sim {

/** The indices of the thread that runs. One thread runs at a time in the whole process. */
struct Indices {
  dim3 thread, block, block_extent, grid_extent;
  unsigned lane;
};
extern Indices indices;

/** Waits for all threads of the block. */
void block_barrier();

enum class Vote { COUNT, ALL, ANY };
/** Waits for all threads of the block; what they voted. */
int block_vote(Vote vote, bool predicate);

/** Waits for the lanes of the mask; the value that lane `source` of the same warp came with. */
uint64_t warp_exchange(unsigned mask, uint64_t value, unsigned source);
/** Waits for the lanes of the mask; which of them came with true. */
unsigned warp_ballot(unsigned mask, bool predicate);
/** The lanes of the warp that have not returned. */
unsigned warp_active();

/** Start of the block's dynamic shared memory, aligned to 16 bytes. */
void *dynamic_shared();

/** Ends the launch with an error. */
[[noreturn]] void trap();

template <class T>
T exchange(unsigned mask, T value, unsigned source) {
  static_assert(sizeof(T) <= sizeof(uint64_t));
  uint64_t bits = 0;
  memcpy(&bits, &value, sizeof(T));
  bits = warp_exchange(mask, bits, source);
  memcpy(&value, &bits, sizeof(T));
  return value;
}

}  // namespace sim
