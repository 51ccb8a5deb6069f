// Capture and replay, and what may not be done meanwhile.
#include <cmath>
#include <thread>

#include "test.h"

namespace {

constexpr int kThreadLocal = 1;

Handle finish(Handle stream) {
  Handle graph = nullptr, exec = nullptr;
  OK(cuStreamEndCapture(stream, &graph));
  OK(cuGraphInstantiateWithFlags(&exec, graph, 0));
  OK(cuGraphDestroy(graph));
  return exec;
}

void replay_does_it_again() {
  Machine machine;
  Address value = upload(std::vector<float>{1});
  OK(cuStreamBeginCapture_v2(machine.stream, kThreadLocal));
  float addend = 1;
  OK(machine.launch("test_add", 1, value, value, 1LL, addend));
  addend = 100;  // too late: the graph holds what was passed
  OK(machine.launch("test_add", 1, value, value, 1LL, 2.0f));
  int capturing = 0;
  OK(cuStreamIsCapturing(machine.stream, &capturing));
  CHECK(capturing == 1);
  Handle exec = finish(machine.stream);
  CHECK(download(value, 1)[0] == 1);  // nothing was done yet
  for (int i = 0; i < 3; i++) OK(cuGraphLaunch(exec, machine.stream));
  OK(cuStreamSynchronize(machine.stream));
  CHECK(download(value, 1)[0] == 10);
  OK(cuGraphExecDestroy(exec));
}

/** Two streams in one graph; with `waits` false, the second does not wait for the first's kernel. */
float fork_and_join(bool waits) {
  Machine machine;
  Address in = upload(std::vector<float>{1}), middle = allocate(1), out = allocate(1);
  Handle first = machine.stream, second = new_stream(), fork = new_event(), join = new_event();
  OK(cuStreamBeginCapture_v2(first, kThreadLocal));
  if (waits) OK(machine.launch("test_add", 1, in, middle, 1LL, 1.0f));
  OK(cuEventRecord(fork, first));
  OK(cuStreamWaitEvent(second, fork, 0));
  if (!waits) OK(machine.launch("test_add", 1, in, middle, 1LL, 1.0f));
  machine.stream = second;
  OK(machine.launch("test_add", 1, middle, out, 1LL, 1.0f));
  OK(cuEventRecord(join, second));
  OK(cuStreamWaitEvent(first, join, 0));
  Handle exec = finish(first);
  OK(cuGraphLaunch(exec, first));
  OK(cuStreamSynchronize(first));
  return download(out, 1)[0];
}

void streams_of_a_graph_are_ordered_by_events_alone() {
  CHECK(fork_and_join(true) == 3);
  CHECK(std::isnan(fork_and_join(false)));
}

/** What fails while capturing, and then makes the capture invalid. */
template <class Call>
void forbidden(int code, Call call) {
  Machine machine;
  Address memory = allocate(1);
  OK(cuStreamBeginCapture_v2(machine.stream, kThreadLocal));
  OK(cuMemsetD32Async(memory, 0, 1, machine.stream));
  GIVES(code, call(machine, memory));
  GIVES(901, cuMemsetD32Async(memory, 0, 1, machine.stream));
  Handle graph = nullptr;
  GIVES(901, cuStreamEndCapture(machine.stream, &graph));
  OK(cuMemsetD32Async(memory, 0, 1, machine.stream));  // an ordinary stream again
  OK(cuStreamSynchronize(machine.stream));
}

void illegal_calls_fail() {
  forbidden(900, [](Machine &, Address) {
    Address more = 0;
    return cuMemAlloc_v2(&more, 4);
  });
  forbidden(900, [](Machine &, Address memory) { return cuMemFree_v2(memory); });
  forbidden(900, [](Machine &machine, Address) { return cuStreamSynchronize(machine.stream); });
  forbidden(900, [](Machine &machine, Address) { return cuStreamQuery(machine.stream); });
  forbidden(900, [](Machine &, Address) { return cuCtxSynchronize(); });
  forbidden(900, [](Machine &, Address memory) {
    float value = 0;
    return cuMemcpyHtoD_v2(memory, &value, 4);
  });
  forbidden(900, [](Machine &machine, Address memory) {
    float pageable = 0;
    return cuMemcpyHtoDAsync_v2(memory, &pageable, 4, machine.stream);
  });
  forbidden(905, [](Machine &machine, Address) {
    Handle outside = new_event(), other = new_stream();
    OK(cuEventRecord(outside, other));
    return cuStreamWaitEvent(machine.stream, outside, 0);
  });
  forbidden(907, [](Machine &machine, Address) {
    Handle event = new_event();
    OK(cuEventRecord(event, machine.stream));
    return cuEventSynchronize(event);
  });
}

void other_threads_go_on() {
  Machine machine;
  OK(cuStreamBeginCapture_v2(machine.stream, kThreadLocal));
  std::thread([&] {
    OK(cuCtxSetCurrent(machine.context));
    allocate(1);
    Handle graph = nullptr;
    GIVES(908, cuStreamEndCapture(machine.stream, &graph));
  }).join();
  Handle graph = nullptr;
  OK(cuStreamEndCapture(machine.stream, &graph));
}

void forgotten_join_fails() {
  Machine machine;
  Address memory = allocate(1);
  Handle second = new_stream(), fork = new_event(), graph = nullptr;
  OK(cuStreamBeginCapture_v2(machine.stream, kThreadLocal));
  OK(cuEventRecord(fork, machine.stream));
  OK(cuStreamWaitEvent(second, fork, 0));
  OK(cuMemsetD32Async(memory, 0, 1, second));
  GIVES(904, cuStreamEndCapture(machine.stream, &graph));
}

void failing_kernel_in_a_graph_is_reported() {
  Machine machine;
  Address memory = allocate(32);
  OK(cuStreamBeginCapture_v2(machine.stream, kThreadLocal));
  OK(machine.launch("test_divergent", 32, memory));
  Handle exec = finish(machine.stream);
  OK(cuGraphLaunch(exec, machine.stream));
  GIVES(719, cuStreamSynchronize(machine.stream));
  GIVES(719, cuGraphLaunch(exec, machine.stream));
}

}  // namespace

void test_graphs() {
  replay_does_it_again();
  streams_of_a_graph_are_ordered_by_events_alone();
  illegal_calls_fail();
  other_threads_go_on();
  forgotten_join_fails();
  failing_kernel_in_a_graph_is_reported();
}
