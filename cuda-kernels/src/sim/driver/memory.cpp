#include "memory.h"

#include <sys/mman.h>

#include <cstdio>
#include <cstring>
#include <new>

namespace sim {
namespace {

constexpr size_t kSpace = size_t{1} << 38;  // of addresses a device; only what is allocated takes memory
constexpr size_t kPage = 4096;
constexpr size_t kAlignment = 512;
constexpr int kPoison = 0xFF, kGuard = 0xA5;

char *at(Address address) { return reinterpret_cast<char *>(address); }

size_t round_up(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

/** Whether a zone, shorter than a page and two alignments, still holds the pattern. */
bool intact(Address from, Address to) {
  static const std::string pattern(kPage + 2 * kAlignment, static_cast<char>(kGuard));
  return memcmp(at(from), pattern.data(), to - from) == 0;
}

}  // namespace

DeviceMemory::DeviceMemory(size_t capacity) : capacity_(capacity) {
  void *space = mmap(nullptr, kSpace, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (space == MAP_FAILED) throw std::bad_alloc();
  first_ = next_ = reinterpret_cast<Address>(space);
}

DeviceMemory::~DeviceMemory() { munmap(at(first_), kSpace); }

Address DeviceMemory::allocate(size_t bytes, const void *owner) {
  size_t charged = round_up(bytes, kAlignment);
  if (charged < bytes || charged > capacity_ - used_) return 0;
  // As near to the pages' end as the alignment allows: guard, memory, guard, then a page that cannot be touched.
  size_t page_bytes = round_up(charged + 2 * kAlignment, kPage);
  if (page_bytes + kPage > first_ + kSpace - next_) return 0;
  Address pages = next_ + kPage;
  if (mprotect(at(pages), page_bytes, PROT_READ | PROT_WRITE)) return 0;
  next_ = pages + page_bytes;
  Address start = next_ - kAlignment - charged;
  memset(at(pages), kGuard, page_bytes);
  memset(at(start), kPoison, bytes);
  live_[start] = {bytes, owner, pages, page_bytes};
  used_ += charged;
  return start;
}

bool DeviceMemory::free(Address start) {
  auto found = live_.find(start);
  if (found == live_.end()) return false;
  const Allocation &allocation = found->second;
  madvise(at(allocation.pages), allocation.page_bytes, MADV_DONTNEED);
  mprotect(at(allocation.pages), allocation.page_bytes, PROT_NONE);
  used_ -= round_up(allocation.bytes, kAlignment);
  live_.erase(found);
  return true;
}

void DeviceMemory::free_all(const void *owner) {
  for (auto next = live_.begin(); next != live_.end();) {
    auto entry = next++;
    if (entry->second.owner == owner) free(entry->first);
  }
}

const Allocation *DeviceMemory::find(Address address, Address *start) const {
  auto after = live_.upper_bound(address);
  if (after == live_.begin()) return nullptr;
  --after;
  if (address > after->first + after->second.bytes) return nullptr;
  if (start) *start = after->first;
  return &after->second;
}

bool DeviceMemory::holds(Address start, size_t bytes) const {
  Address base;
  const Allocation *allocation = find(start, &base);
  return allocation && bytes <= allocation->bytes - (start - base);
}

bool DeviceMemory::owns(Address address) const { return address >= first_ && address < first_ + kSpace; }

std::string DeviceMemory::damage() const {
  for (const auto &[start, allocation] : live_) {
    Address end = start + allocation.bytes;
    bool before = intact(allocation.pages, start), behind = intact(end, allocation.pages + allocation.page_bytes);
    if (before && behind) continue;
    char text[120];
    snprintf(text, sizeof text, "something wrote %s the allocation of %zu bytes at %#zx",
             before ? "past the end of" : "before", allocation.bytes, static_cast<size_t>(start));
    return text;
  }
  return "";
}

void *PinnedMemory::allocate(size_t bytes) {
  size_t mapped = round_up(bytes, kPage);
  void *memory = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  memset(memory, kPoison, mapped);
  ranges_[reinterpret_cast<Address>(memory)] = {bytes, mapped};
  return memory;
}

bool PinnedMemory::free(void *start) {
  auto found = ranges_.find(reinterpret_cast<Address>(start));
  if (found == ranges_.end() || !found->second.mapped) return false;
  munmap(start, found->second.mapped);
  ranges_.erase(found);
  return true;
}

bool PinnedMemory::add(void *start, size_t bytes) {
  Address from = reinterpret_cast<Address>(start);
  auto after = ranges_.lower_bound(from);
  if (after != ranges_.end() && after->first < from + bytes) return false;
  if (after != ranges_.begin() && std::prev(after)->first + std::prev(after)->second.bytes > from) return false;
  ranges_[from] = {bytes, 0};
  return true;
}

bool PinnedMemory::remove(void *start) {
  auto found = ranges_.find(reinterpret_cast<Address>(start));
  if (found == ranges_.end() || found->second.mapped) return false;
  ranges_.erase(found);
  return true;
}

bool PinnedMemory::holds(const void *start, size_t bytes) const {
  Address from = reinterpret_cast<Address>(start);
  auto after = ranges_.upper_bound(from);
  if (after == ranges_.begin()) return false;
  --after;
  return from + bytes <= after->first + after->second.bytes;
}

void PinnedMemory::clear() {
  for (const auto &[start, range] : ranges_) {
    if (range.mapped) munmap(at(start), range.mapped);
  }
  ranges_.clear();
}

}  // namespace sim
