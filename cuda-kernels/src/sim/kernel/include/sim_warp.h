// Barriers, shuffles and votes.
#pragma once

#include "sim_thread.h"

inline void __syncthreads() { ::sim::block_barrier(); }
inline int __syncthreads_count(int predicate) { return ::sim::block_vote(::sim::Vote::COUNT, predicate != 0); }
inline int __syncthreads_and(int predicate) { return ::sim::block_vote(::sim::Vote::ALL, predicate != 0); }
inline int __syncthreads_or(int predicate) { return ::sim::block_vote(::sim::Vote::ANY, predicate != 0); }
inline void __syncwarp(unsigned mask = 0xFFFFFFFFu) { ::sim::warp_exchange(mask, 0, ::sim::indices.lane); }

inline unsigned __ballot_sync(unsigned mask, int predicate) { return ::sim::warp_ballot(mask, predicate != 0); }
inline int __any_sync(unsigned mask, int predicate) { return ::sim::warp_ballot(mask, predicate != 0) != 0; }
inline int __all_sync(unsigned mask, int predicate) { return ::sim::warp_ballot(mask, predicate == 0) == 0; }
inline unsigned __activemask() { return ::sim::warp_active(); }

template <class T>
T __shfl_sync(unsigned mask, T value, int source, int width = 32) {
  unsigned lane = ::sim::indices.lane;
  return ::sim::exchange(mask, value, (lane & ~(width - 1u)) | (source & (width - 1u)));
}

template <class T>
T __shfl_xor_sync(unsigned mask, T value, int bits, int width = 32) {
  unsigned lane = ::sim::indices.lane, source = lane ^ bits;
  return ::sim::exchange(mask, value, source > (lane | (width - 1u)) ? lane : source);
}

template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned distance, int width = 32) {
  unsigned lane = ::sim::indices.lane, source = lane + distance;
  return ::sim::exchange(mask, value, source > (lane | (width - 1u)) ? lane : source);
}

template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned distance, int width = 32) {
  unsigned lane = ::sim::indices.lane, first = lane & ~(width - 1u);
  return ::sim::exchange(mask, value, lane < first + distance ? lane : lane - distance);
}
