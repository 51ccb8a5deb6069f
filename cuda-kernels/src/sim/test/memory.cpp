// Memory: capacity, poison, guards, what is freed.
#include <cmath>
#include <cstring>

#include "test.h"

namespace {

constexpr size_t kMebibyte = 1 << 20;

void capacity_is_exhausted() {
  Machine machine("memory=8");
  Address half = 0, rest = 0, more = 0;
  OK(cuMemAlloc_v2(&half, 4 * kMebibyte));
  OK(cuMemAlloc_v2(&rest, 4 * kMebibyte));
  GIVES(2, cuMemAlloc_v2(&more, 1));
  OK(cuMemFree_v2(half));
  size_t free = 0, total = 0;
  OK(cuMemGetInfo_v2(&free, &total));
  CHECK(free == 4 * kMebibyte && total == 8 * kMebibyte);
  OK(cuMemAlloc_v2(&more, 4 * kMebibyte));
  CHECK(more % 512 == 0 && more != half);
}

void new_memory_is_poisoned() {
  Machine machine;
  for (float value : download(allocate(100), 100)) CHECK(std::isnan(value));
}

void freed_memory_is_out_of_reach() {
  Machine machine;
  Address memory = allocate(10);
  OK(cuMemFree_v2(memory));
  GIVES(1, cuMemFree_v2(memory));
  float value = 0;
  GIVES(1, cuMemcpyDtoH_v2(&value, memory, 4));
  OK(machine.launch("test_write_at", 1, memory, 0LL));
  GIVES(700, cuStreamSynchronize(machine.stream));
}

void freeing_waits_for_work() {
  Machine machine;
  Address in = upload(std::vector<float>{1}), out = allocate(1);
  OK(machine.launch("test_add", 1, in, out, 1LL, 1.0f));
  OK(cuMemFree_v2(in));
  CHECK(download(out, 1)[0] == 2);
}

/** A write near the allocation damages the guard, one further off reaches nothing at all. */
void writes_outside_are_noticed(long long index) {
  Machine machine;
  Address memory = allocate(10);
  OK(machine.launch("test_write_at", 1, memory, index));
  GIVES(700, cuStreamSynchronize(machine.stream));
}

void copies_stay_inside() {
  Machine machine;
  Address memory = allocate(10);
  float values[11] = {};
  OK(cuMemcpyHtoD_v2(memory, values, 40));
  GIVES(1, cuMemcpyHtoD_v2(memory, values, 44));
  GIVES(1, cuMemcpyDtoDAsync_v2(memory + 4, memory, 40, machine.stream));
}

void nothing_is_left_after_release() {
  Machine machine;
  allocate(10);
  CHECK(ventral_sim_allocations() == 1);
  OK(cuDevicePrimaryCtxRelease_v2(0));
  CHECK(ventral_sim_allocations() == 0);
  Address memory = 0;
  GIVES(709, cuMemAlloc_v2(&memory, 4));
}

}  // namespace

void test_memory() {
  capacity_is_exhausted();
  new_memory_is_poisoned();
  freed_memory_is_out_of_reach();
  freeing_waits_for_work();
  for (long long index : {10LL, 130LL, -1LL, 4000LL, 100000LL}) writes_outside_are_noticed(index);
  copies_stay_inside();
  nothing_is_left_after_release();
}
