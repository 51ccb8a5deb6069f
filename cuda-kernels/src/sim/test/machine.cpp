#include "test.h"

namespace {

/** What nvcc would write of the tests' kernels, without their instructions. */
const char *const kPtx = R"(
.version 7.8
.target sm_75
.address_size 64
.visible .entry test_add(.param .u64 test_add_param_0, .param .u64 p1, .param .u64 p2, .param .f32 p3) { ret; }
.visible .entry test_block_sum(.param .u64 p0, .param .u64 p1) { ret; }
.visible .entry test_warp(.param .u64 p0, .param .u64 p1, .param .u64 p2, .param .u64 p3) { ret; }
.visible .entry test_unwritten_shared(.param .u64 p0) { .shared .align 4 .b8 unwritten[128]; ret; }
.visible .entry test_race(.param .u64 p0) { ret; }
.visible .entry test_divergent(.param .u64 p0) { ret; }
.visible .entry test_absent_lane(.param .u64 p0) { ret; }
.visible .entry test_dynamic_overrun(.param .u64 p0) { ret; }
.visible .entry test_static_overrun(.param .u64 p0) { ret; }
.visible .entry test_vector(.param .u64 p0, .param .u64 p1) { ret; }
.visible .entry test_write_at(.param .u64 p0, .param .u64 p1) { ret; }
.visible .entry test_trap() { ret; }
.visible .entry test_half(
	.param .u64 .ptr .align 1 test_half_param_0,  // as nvcc writes it
	.param .u64 .ptr .align 1 test_half_param_1
)
.maxntid 64
{ ret; }
)";

}  // namespace

Handle use_device(int ordinal) {
  Handle context = nullptr;
  OK(cuDevicePrimaryCtxRetain(&context, ordinal));
  OK(cuCtxSetCurrent(context));
  return context;
}

Handle new_stream() {
  Handle stream = nullptr;
  OK(cuStreamCreate(&stream, 1));
  return stream;
}

Handle new_event() {
  Handle event = nullptr;
  OK(cuEventCreate(&event, 2));
  return event;
}

Address allocate(size_t values) {
  Address start = 0;
  OK(cuMemAlloc_v2(&start, values * 4));
  return start;
}

Machine::Machine(const std::string &settings) {
  OK(ventral_sim_restart(settings.c_str()));
  OK(cuInit(0));
  context = use_device(0);
  stream = new_stream();
  OK(cuModuleLoadData(&module, kPtx));
}

Handle Machine::function(const char *name) const {
  Handle function = nullptr;
  OK(cuModuleGetFunction(&function, module, name));
  return function;
}

int main() {
  test_kernels();
  test_memory();
  test_streams();
  test_graphs();
  test_faults();
  test_devices();
  test_modules();
  test_formats();
  test_cublas();
  test_cudnn();
  test_curand();
  puts("The simulation of CUDA passes its tests.");
}
