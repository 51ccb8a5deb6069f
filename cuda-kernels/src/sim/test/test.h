// The tests' frame: each starts on a machine of its own, and a check that fails ends the program with a line.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "cuda.h"

#define CHECK(condition)                                                                        \
  do {                                                                                          \
    if (!(condition)) {                                                                         \
      fprintf(stderr, "%s:%d: %s: does not hold: %s\n", __FILE__, __LINE__, __func__, #condition); \
      exit(1);                                                                                  \
    }                                                                                           \
  } while (false)

/** Checks a result code. */
#define GIVES(code, call)                                                                                     \
  do {                                                                                                        \
    int given = (call);                                                                                       \
    if (given != (code)) {                                                                                    \
      fprintf(stderr, "%s:%d: %s: %s gives %d, not %d\n", __FILE__, __LINE__, __func__, #call, given, (code)); \
      exit(1);                                                                                                \
    }                                                                                                         \
  } while (false)

#define OK(call) GIVES(0, call)

void test_kernels();
void test_memory();
void test_streams();
void test_graphs();
void test_faults();
void test_devices();
void test_modules();
void test_formats();
void test_cublas();
void test_cudnn();
void test_curand();

/** A machine made anew, its first device's context current, with a stream and the tests' kernels. */
class Machine {
 public:
  explicit Machine(const std::string &settings = "");

  Handle context = nullptr, stream = nullptr, module = nullptr;

  Handle function(const char *name) const;
  /** Launches on the stream, or another, one block of `threads` unless said otherwise. */
  template <class... T>
  int launch(const char *name, unsigned threads, T... arguments) {
    void *values[] = {&arguments..., nullptr};
    return cuLaunchKernel(function(name), blocks, 1, 1, threads, 1, 1, shared, stream, values, nullptr);
  }
  unsigned blocks = 1, shared = 0;
};

/** Makes a device's primary context current. */
Handle use_device(int ordinal);

Handle new_stream();
Handle new_event();

/** Device memory for this many values of 4 bytes. */
Address allocate(size_t values);

template <class T>
Address upload(const std::vector<T> &values) {
  Address start = 0;
  OK(cuMemAlloc_v2(&start, values.size() * sizeof(T)));
  OK(cuMemcpyHtoD_v2(start, values.data(), values.size() * sizeof(T)));
  return start;
}

template <class T = float>
std::vector<T> download(Address start, size_t count) {
  std::vector<T> values(count);
  OK(cuMemcpyDtoH_v2(values.data(), start, count * sizeof(T)));
  return values;
}
