// Streams and events: work is done as late as it may be, so that a missing wait shows.
#include <chrono>
#include <cmath>
#include <thread>

#include "test.h"

namespace {

void missing_wait_shows() {
  Machine machine;
  Address in = upload(std::vector<float>{1}), middle = allocate(1), out = allocate(1);
  Handle first = machine.stream, second = new_stream();
  OK(machine.launch("test_add", 1, in, middle, 1LL, 1.0f));
  machine.stream = second;
  OK(machine.launch("test_add", 1, middle, out, 1LL, 1.0f));
  OK(cuStreamSynchronize(second));
  CHECK(std::isnan(download(out, 1)[0]));  // read before the first stream wrote
  CHECK(std::isnan(download(middle, 1)[0]));  // nor does a synchronous copy wait for a non-blocking stream
  OK(cuStreamSynchronize(first));
  CHECK(download(middle, 1)[0] == 2);
}

void event_orders_streams(const char *settings) {
  Machine machine(settings);
  Address in = upload(std::vector<float>{1}), middle = allocate(1), out = allocate(1);
  Handle first = machine.stream, second = new_stream(), event = new_event();
  OK(machine.launch("test_add", 1, in, middle, 1LL, 1.0f));
  OK(cuEventRecord(event, first));
  OK(machine.launch("test_add", 1, out, middle, 1LL, 1.0f));  // behind the event; nobody waits for it
  OK(cuStreamWaitEvent(second, event, 0));
  machine.stream = second;
  OK(machine.launch("test_add", 1, middle, out, 1LL, 1.0f));
  OK(cuStreamSynchronize(second));
  float value = download(out, 1)[0];
  CHECK(value == 3 || std::string(settings) == "streams=eager");  // eager: the third launch may have come before
}

void pinned_memory_is_read_late_and_pageable_at_once() {
  Machine machine;
  float *pinned = nullptr, pageable = 1;
  OK(cuMemHostAlloc(reinterpret_cast<void **>(&pinned), 4, 0));
  *pinned = 1;
  Address late = allocate(1), early = allocate(1);
  OK(cuMemcpyHtoDAsync_v2(late, pinned, 4, machine.stream));
  OK(cuMemcpyHtoDAsync_v2(early, &pageable, 4, machine.stream));
  *pinned = pageable = 2;
  OK(cuStreamSynchronize(machine.stream));
  CHECK(download(late, 1)[0] == 2 && download(early, 1)[0] == 1);
  OK(cuMemcpyDtoHAsync_v2(pinned, early, 4, machine.stream));
  CHECK(*pinned == 2);
  OK(cuMemcpyDtoHAsync_v2(&pageable, early, 4, machine.stream));  // waits
  CHECK(*pinned == 1 && pageable == 1);
  OK(cuMemFreeHost(pinned));
}

void query_starts_work() {
  Machine machine;
  Address in = upload(std::vector<float>{1}), out = allocate(1);
  OK(cuStreamQuery(machine.stream));
  OK(machine.launch("test_add", 1, in, out, 1LL, 1.0f));
  GIVES(600, cuStreamQuery(machine.stream));
  while (cuStreamQuery(machine.stream) == 600) std::this_thread::yield();
  CHECK(download(out, 1)[0] == 2);
}

void event_synchronizes() {
  Machine machine;
  Address in = upload(std::vector<float>{1}), out = allocate(1);
  Handle event = new_event();
  OK(cuEventSynchronize(event));  // never recorded
  OK(machine.launch("test_add", 1, in, out, 1LL, 1.0f));
  OK(cuEventRecord(event, machine.stream));
  GIVES(600, cuEventQuery(event));
  OK(cuEventSynchronize(event));
  CHECK(download(out, 1)[0] == 2);
}

void default_stream_waits_for_blocking_ones() {
  Machine machine;
  OK(cuStreamCreate(&machine.stream, 0));
  Address in = upload(std::vector<float>{1}), out = allocate(1);
  OK(machine.launch("test_add", 1, in, out, 1LL, 1.0f));
  CHECK(download(out, 1)[0] == 2);
}

void host_function_runs_in_order() {
  Machine machine;
  Address in = upload(std::vector<float>{1}), out = allocate(1);
  float *seen = nullptr;
  OK(cuMemHostAlloc(reinterpret_cast<void **>(&seen), 8, 0));
  OK(machine.launch("test_add", 1, in, out, 1LL, 1.0f));
  OK(cuMemcpyDtoHAsync_v2(seen, out, 4, machine.stream));
  OK(cuLaunchHostFunc(machine.stream, [](void *data) {
    float *values = static_cast<float *>(data);
    values[1] = values[0] * 10;
  }, seen));
  OK(cuStreamSynchronize(machine.stream));
  CHECK(seen[1] == 20);
}

}  // namespace

void test_streams() {
  missing_wait_shows();
  event_orders_streams("streams=lazy");
  event_orders_streams("streams=eager");
  pinned_memory_is_read_late_and_pageable_at_once();
  query_starts_work();
  event_synchronizes();
  default_stream_waits_for_blocking_ones();
  host_function_runs_in_order();
}
