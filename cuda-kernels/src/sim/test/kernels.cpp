// Kernels: what they compute, and what is noticed of wrong ones.
#include <cmath>
#include <numeric>

#include "test.h"

namespace {

void computes_in_a_grid() {
  Machine machine;
  std::vector<float> x(1000);
  std::iota(x.begin(), x.end(), 0.0f);
  Address in = upload(x), out = allocate(x.size());
  machine.blocks = 3;
  OK(machine.launch("test_add", 64, in, out, 1000LL, 0.5f));
  OK(cuStreamSynchronize(machine.stream));
  std::vector<float> y = download(out, x.size());
  for (size_t i = 0; i < x.size(); i++) CHECK(y[i] == x[i] + 0.5f);
}

void barriers_order_shared_memory(const char *order) {
  Machine machine(order);
  std::vector<float> x(4 * 256);
  std::iota(x.begin(), x.end(), 0.0f);
  Address in = upload(x), out = allocate(4);
  machine.blocks = 4;
  machine.shared = 256 * sizeof(float);
  OK(machine.launch("test_block_sum", 256, in, out));
  OK(cuStreamSynchronize(machine.stream));
  std::vector<float> sums = download(out, 4);
  for (int block = 0; block < 4; block++) CHECK(sums[block] == 256.0f * 256 * block + 255 * 128);
}

void warps_exchange_and_vote(const char *order) {
  Machine machine(order);
  std::vector<int> x(96);
  std::iota(x.begin(), x.end(), 0);
  Address in = upload(x), out = allocate(96), votes = allocate(96), odd = allocate(96);
  OK(machine.launch("test_warp", 96, in, out, votes, odd));
  OK(cuStreamSynchronize(machine.stream));
  std::vector<int> sums = download<int>(out, 96), odds = download<int>(odd, 96);
  std::vector<unsigned> ballots = download<unsigned>(votes, 96);
  for (int i = 0; i < 96; i++) {
    CHECK(sums[i] == 32 * 32 * (i / 32) + 31 * 16);
    CHECK(ballots[i] == 0xAAAAAAAAu);
    CHECK(odds[i] == 48);
  }
}

void shared_memory_starts_poisoned() {
  Machine machine;
  Address out = allocate(64);
  machine.blocks = 2;
  OK(machine.launch("test_unwritten_shared", 32, out));
  OK(cuStreamSynchronize(machine.stream));
  for (float value : download(out, 64)) CHECK(std::isnan(value));
}

void order_of_threads_exposes_a_race() {
  float seen[2];
  const char *const orders[] = {"order=forward", "order=backward"};
  for (int i = 0; i < 2; i++) {
    Machine machine(orders[i]);
    Address out = allocate(1);
    OK(machine.launch("test_race", 32, out));
    OK(cuStreamSynchronize(machine.stream));
    seen[i] = download(out, 1)[0];
  }
  CHECK(seen[0] == 5 && seen[1] == 20);
}

/** A kernel with one pointer that fails when it runs, and then everything does. */
void fails(const char *kernel, int code, unsigned threads, unsigned shared = 0) {
  Machine machine;
  Address out = allocate(1024);
  machine.shared = shared;
  OK(machine.launch(kernel, threads, out));
  GIVES(code, cuStreamSynchronize(machine.stream));
  GIVES(code, cuCtxSynchronize());
  Address more = 0;
  GIVES(code, cuMemAlloc_v2(&more, 4));
}

void halves_round_to_nearest_even() {
  Machine machine;
  std::vector<uint16_t> x = {0x3C01, 0x3555, 0x7BFF, 0x0001};  // 1.001, 0.3333, 65504, the least subnormal
  Address in = upload(x), out = allocate(2);
  OK(machine.launch("test_half", 4, in, out));
  OK(cuStreamSynchronize(machine.stream));
  std::vector<uint16_t> y = download<uint16_t>(out, 4);
  CHECK(y[0] == 0x4202 && y[1] == 0x3C00 && y[2] == 0x7C00 && y[3] == 0x0003);
  GIVES(1, machine.launch("test_half", 65, in, out));  // more threads than its launch bounds
}

void misaligned_vectors_fail() {
  Machine machine;
  Address memory = allocate(16);
  OK(machine.launch("test_vector", 1, memory, memory + 32));
  OK(cuStreamSynchronize(machine.stream));
  OK(machine.launch("test_vector", 1, memory + 4, memory + 32));
  GIVES(716, cuStreamSynchronize(machine.stream));
}

}  // namespace

void test_kernels() {
  computes_in_a_grid();
  for (const char *order : {"order=forward", "order=backward"}) {
    barriers_order_shared_memory(order);
    warps_exchange_and_vote(order);
  }
  shared_memory_starts_poisoned();
  order_of_threads_exposes_a_race();
  fails("test_divergent", 719, 32);
  fails("test_absent_lane", 719, 32);
  fails("test_dynamic_overrun", 700, 32, 31 * sizeof(float));
  fails("test_static_overrun", 716, 17);
  fails("test_trap", 719, 1);
  halves_round_to_nearest_even();
  misaligned_vectors_fail();
}
