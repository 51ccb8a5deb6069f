// Several devices, and modules.
#include <cmath>
#include <string>

#include "test.h"

namespace {

void wrong_device_is_noticed() {
  Machine machine;
  Address here = upload(std::vector<float>{1}), there = 0;
  Handle other = use_device(1);
  there = upload(std::vector<float>{2});
  OK(cuCtxSetCurrent(machine.context));
  GIVES(1, cuMemcpyDtoDAsync_v2(here, there, 4, machine.stream));
  float value = 0;
  GIVES(1, cuMemcpyDtoH_v2(&value, there, 4));
  OK(machine.launch("test_add", 1, there, here, 1LL, 1.0f));
  GIVES(700, cuStreamSynchronize(machine.stream));
  OK(cuCtxSetCurrent(other));
  GIVES(400, machine.launch("test_add", 1, there, there, 1LL, 1.0f));  // the other device's stream and module
}

void peers_copy() {
  Machine machine;
  Address here = allocate(1);
  Handle other = use_device(1), ready = new_event();
  Handle remote = new_stream();
  Address there = allocate(1);
  OK(cuMemsetD32Async(there, 0x40000000, 1, remote));
  OK(cuEventRecord(ready, remote));
  OK(cuCtxSetCurrent(machine.context));
  OK(cuStreamWaitEvent(machine.stream, ready, 0));
  OK(cuMemcpyPeerAsync(here, machine.context, there, other, 4, machine.stream));
  GIVES(1, cuMemcpyPeerAsync(here, other, there, machine.context, 4, machine.stream));
  OK(cuStreamSynchronize(machine.stream));
  CHECK(download(here, 1)[0] == 2);
}

void peers_may_be_allowed_in() {
  Machine machine;
  Address here = allocate(1);
  Handle other = use_device(1);
  Address there = upload(std::vector<float>{1});
  OK(cuCtxSetCurrent(machine.context));
  OK(cuCtxEnablePeerAccess(other, 0));
  GIVES(704, cuCtxEnablePeerAccess(other, 0));
  OK(machine.launch("test_add", 1, there, here, 1LL, 1.0f));
  OK(cuStreamSynchronize(machine.stream));
  CHECK(download(here, 1)[0] == 2);
}

void failure_stays_on_its_device() {
  Machine machine;
  OK(machine.launch("test_trap", 1));
  Handle here = machine.stream;
  Handle other = use_device(1);
  OK(cuCtxSynchronize());
  OK(cuCtxSetCurrent(machine.context));
  GIVES(719, cuStreamSynchronize(here));
  OK(cuCtxSetCurrent(other));
  OK(cuCtxSynchronize());
}

std::string ptx(const std::string &version, const std::string &target, const std::string &entry) {
  return ".version " + version + "\n.target " + target + "\n.visible .entry " + entry + " { ret; }\n";
}

int load(const std::string &text) {
  Handle module = nullptr;
  return cuModuleLoadData(&module, text.c_str());
}

}  // namespace

void test_devices() {
  wrong_device_is_noticed();
  peers_copy();
  peers_may_be_allowed_in();
  failure_stays_on_its_device();
}

void test_modules() {
  Machine machine;
  const std::string add = "test_add(.param .u64 a, .param .u64 b, .param .u64 c, .param .f32 d)";
  OK(load(ptx("7.8", "sm_75", add)));
  GIVES(200, load("not PTX"));
  GIVES(200, load(ptx("7.8", "sm_75", "absent(.param .u64 a)")));
  GIVES(200, load(ptx("7.8", "sm_75", "test_changed(.param .u64 a, .param .u64 b)")));
  GIVES(200, load(ptx("7.8", "sm_75", "test_changed(.param .u64 a)")));
  GIVES(222, load(ptx("9.9", "sm_75", add)));
  GIVES(218, load(ptx("7.8", "sm_90", add)));
  Handle function = nullptr;
  GIVES(500, cuModuleGetFunction(&function, machine.module, "absent"));
  Address memory = allocate(1024);
  GIVES(1, machine.launch("test_divergent", 1025, memory));
  machine.blocks = 0;
  GIVES(1, machine.launch("test_divergent", 32, memory));
  machine.blocks = 1;
  machine.shared = 49 << 10;
  GIVES(1, machine.launch("test_dynamic_overrun", 32, memory));
  constexpr int kMaxDynamicShared = 8;
  OK(cuFuncSetAttribute(machine.function("test_dynamic_overrun"), kMaxDynamicShared, 49 << 10));
  OK(machine.launch("test_dynamic_overrun", 32, memory));
  machine.shared = 48 << 10;
  GIVES(1, machine.launch("test_unwritten_shared", 32, memory));  // with its static memory it is too much
  OK(cuStreamSynchronize(machine.stream));
  Handle array = nullptr;
  GIVES(801, cuArrayCreate_v2(&array, nullptr));
}
