// A device's memory: a stretch of address space of its own, in which no address is ever used twice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace sim {

using Address = uint64_t;

struct Allocation {
  size_t bytes;
  const void *owner;  // the context
  Address pages;      // where its pages begin, guard included
  size_t page_bytes;
};

/**
 * Allocations are filled with bytes 0xFF (a NaN in every floating format), lie between zones of a pattern that is
 * checked, and those between pages that cannot be touched. Freed memory cannot be touched either.
 */
class DeviceMemory {
 public:
  explicit DeviceMemory(size_t capacity);
  ~DeviceMemory();
  DeviceMemory(const DeviceMemory &) = delete;
  DeviceMemory &operator=(const DeviceMemory &) = delete;

  /** The address of new memory, aligned to 512 bytes, or 0 if the capacity is exceeded. */
  Address allocate(size_t bytes, const void *owner);
  /** Whether this was the start of an allocation. */
  bool free(Address start);
  void free_all(const void *owner);

  /** Whether all these bytes lie in one live allocation. */
  bool holds(Address start, size_t bytes) const;
  /** Whether the address belongs to this device, live or not. */
  bool owns(Address address) const;
  const Allocation *find(Address address, Address *start) const;
  /** One sentence on an allocation whose guard zone was written to, or an empty one. */
  std::string damage() const;

  size_t capacity() const { return capacity_; }
  size_t used() const { return used_; }
  size_t count() const { return live_.size(); }

 private:
  size_t capacity_, used_ = 0;
  Address first_, next_;
  std::map<Address, Allocation> live_;
};

/** Page-locked host memory: which ranges are. */
class PinnedMemory {
 public:
  void *allocate(size_t bytes);
  bool free(void *start);
  /** Whether the range was free of others. */
  bool add(void *start, size_t bytes);
  bool remove(void *start);
  bool holds(const void *start, size_t bytes) const;
  void clear();

 private:
  struct Range {
    size_t bytes;
    size_t mapped;  // 0 if the memory is not ours
  };
  std::map<Address, Range> ranges_;
};

}  // namespace sim
