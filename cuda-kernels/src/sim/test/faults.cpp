// Injected faults, and errors that stay.
#include <cstring>

#include "test.h"

namespace {

void the_nth_call_fails() {
  Machine machine("faults=cuMemAlloc_v2:2:2");
  Address memory = 0;
  OK(cuMemAlloc_v2(&memory, 4));
  GIVES(2, cuMemAlloc_v2(&memory, 4));
  OK(cuMemAlloc_v2(&memory, 4));
  OK(ventral_sim_faults("cuMemAlloc_v2:1:2"));
  GIVES(2, cuMemAlloc_v2(&memory, 4));
  CHECK(ventral_sim_calls("cuMemAlloc_v2") == 4 && ventral_sim_allocations() == 2);
}

void a_kernel_fails_when_it_runs() {
  Machine machine("faults=test_add:2:719");
  Address value = upload(std::vector<float>{1});
  for (int i = 0; i < 3; i++) OK(machine.launch("test_add", 1, value, value, 1LL, 1.0f));
  GIVES(719, cuStreamSynchronize(machine.stream));
  CHECK(ventral_sim_calls("test_add") == 2);  // nothing runs after it
  const char *name = nullptr;
  OK(cuGetErrorName(719, &name));
  CHECK(!strcmp(name, "CUDA_ERROR_LAUNCH_FAILED"));
}

void a_lost_device_stays_lost() {
  Machine machine("faults=cuLaunchKernel:1:46");
  Address value = upload(std::vector<float>{1});
  GIVES(46, machine.launch("test_add", 1, value, value, 1LL, 1.0f));
  GIVES(46, cuStreamSynchronize(machine.stream));
  GIVES(46, cuMemFree_v2(value));
  use_device(1);
  allocate(1);  // the other device works
}

void out_of_memory_does_not_stay() {
  Machine machine("faults=cuMemAlloc_v2:1:2");
  Address memory = 0;
  GIVES(2, cuMemAlloc_v2(&memory, 4));
  OK(cuCtxSynchronize());
}

void the_machine_is_as_told() {
  OK(ventral_sim_restart("devices=0"));
  GIVES(100, cuInit(0));
  OK(ventral_sim_restart("devices=3 driver=11080 capability=7.0"));
  int version = 0, count = 0, major = 0;
  OK(cuDriverGetVersion(&version));
  GIVES(3, cuDeviceGetCount(&count));
  OK(cuInit(0));
  OK(cuDeviceGetCount(&count));
  OK(cuDeviceGetAttribute(&major, 75, 2));
  CHECK(version == 11080 && count == 3 && major == 7);
  GIVES(1, ventral_sim_restart("faults=nonsense"));
  GIVES(1, ventral_sim_restart("colour=green"));
}

}  // namespace

void test_faults() {
  the_nth_call_fails();
  a_kernel_fails_when_it_runs();
  a_lost_device_stays_lost();
  out_of_memory_does_not_stay();
  the_machine_is_as_told();
}
