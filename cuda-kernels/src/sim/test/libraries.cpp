// cuBLAS, cuDNN and cuRAND against plain loops in double.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

#include "../library/format.h"
#include "test.h"

using sim::Format;

namespace {

const float kOne = 1, kZero = 0;

std::vector<float> random_values(size_t n, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> uniform(-0.5f, 0.5f);
  std::vector<float> values(n);
  for (float &value : values) value = uniform(generator);
  return values;
}

/** Values as the format holds them, and the bytes that hold them. */
struct Held {
  std::vector<float> values;
  Address memory;
};

Held hold(Format format, const std::vector<float> &values) {
  std::vector<uint8_t> bytes(values.size() * bytes_of(format));
  store(format, values.data(), bytes.data(), values.size(), 1, 0);
  Held held{std::vector<float>(values.size()), upload(bytes)};
  load(format, bytes.data(), held.values.data(), values.size());
  return held;
}

std::vector<float> read(Format format, Address start, size_t n) {
  std::vector<uint8_t> bytes = download<uint8_t>(start, n * bytes_of(format));
  std::vector<float> values(n);
  load(format, bytes.data(), values.data(), n);
  return values;
}

/** Half a unit in the last place of the format, and some for the order of the sum. */
double tolerance(Format format, double magnitude) {
  double unit = format == Format::FLOAT ? 0 : format == Format::HALF ? 0x1p-11 : 0x1p-8;
  return unit * magnitude + 1e-5;
}

void check_close(Format format, const std::vector<double> &expected, const std::vector<float> &given) {
  for (size_t i = 0; i < expected.size(); i++) {
    CHECK(std::abs(expected[i] - given[i]) <= tolerance(format, std::abs(expected[i])));
  }
}

int blas_type(Format format) { return format == Format::FLOAT ? 0 : format == Format::HALF ? 2 : 14; }
int dnn_type(Format format) { return format == Format::FLOAT ? 0 : format == Format::HALF ? 2 : 9; }

Handle new_cublas(const Machine &machine) {
  Handle cublas = nullptr;
  OK(cublasCreate_v2(&cublas));
  OK(cublasSetStream_v2(cublas, machine.stream));
  return cublas;
}

void multiplies(Format format, bool flip_a, bool flip_b, float beta) {
  Machine machine;
  const int m = 9, n = 21, k = 13, count = 2;
  Held a = hold(format, random_values(m * k * count, 1)), b = hold(format, random_values(k * n * count, 2));
  Held c = hold(format, random_values(m * n * count, 3));
  Handle cublas = new_cublas(machine);
  OK(cublasSetMathMode(cublas, 16));
  int type = blas_type(format);
  OK(cublasGemmStridedBatchedEx(cublas, flip_a, flip_b, m, n, k, &kOne, a.memory, type, flip_a ? k : m, m * k,
                                b.memory, type, flip_b ? n : k, k * n, &beta, c.memory, type, m, m * n, count, 68, -1));
  OK(cuStreamSynchronize(machine.stream));
  std::vector<double> expected(c.values.size());
  for (int batch = 0; batch < count; batch++) {
    const float *left = &a.values[batch * m * k], *right = &b.values[batch * k * n];
    for (int row = 0; row < m; row++) {
      for (int column = 0; column < n; column++) {
        size_t at = batch * m * n + column * m + row;
        expected[at] = beta * c.values[at];
        for (int i = 0; i < k; i++) {
          double factor = left[flip_a ? row * k + i : i * m + row];
          expected[at] += factor * right[flip_b ? i * n + column : column * k + i];
        }
      }
    }
  }
  check_close(format, expected, read(format, c.memory, expected.size()));
  OK(cublasDestroy_v2(cublas));
}

int multiply_2x2(Handle cublas, Address memory) {
  return cublasGemmStridedBatchedEx(cublas, 0, 0, 2, 2, 2, &kOne, memory, 0, 2, 0, memory, 0, 2, 0, &kZero,
                                    memory + 512, 0, 2, 0, 1, 68, -1);
}

void workspace_is_used_and_needed_for_capture() {
  Machine machine;
  Address memory = upload(std::vector<float>(256, 1.0f)), workspace = upload(std::vector<float>(256, 1.0f));
  Handle cublas = new_cublas(machine), graph = nullptr;
  OK(cuStreamBeginCapture_v2(machine.stream, 1));
  GIVES(3, multiply_2x2(cublas, memory));
  OK(cublasSetWorkspace_v2(cublas, workspace, 1024));
  OK(multiply_2x2(cublas, memory));
  OK(cublasSetStream_v2(cublas, machine.stream));
  GIVES(3, multiply_2x2(cublas, memory));
  OK(cuStreamEndCapture(machine.stream, &graph));
  GIVES(7, cublasSetWorkspace_v2(cublas, workspace + 4, 1020));
  OK(cublasSetWorkspace_v2(cublas, workspace, 1024));
  OK(multiply_2x2(cublas, memory));
  OK(cuStreamSynchronize(machine.stream));
  CHECK(download(memory + 512, 4)[3] == 2);
  for (float value : download(workspace, 256)) CHECK(std::isnan(value));
}

void tf32_is_coarser() {
  Machine machine;
  Address memory = upload(std::vector<float>(256, 1.0f + 0x1p-12f));
  Handle cublas = new_cublas(machine);
  OK(multiply_2x2(cublas, memory));
  OK(cuStreamSynchronize(machine.stream));
  CHECK(download(memory + 512, 1)[0] > 2);
  OK(cublasSetMathMode(cublas, 3));
  OK(multiply_2x2(cublas, memory));
  OK(cuStreamSynchronize(machine.stream));
  CHECK(download(memory + 512, 1)[0] == 2);
}

/** 256 + 1/2 + (−256) in bfloat16, half of them a part: one has no room beside 256. */
void parts_are_rounded_unless_told_otherwise() {
  Machine machine;
  Held left = hold(Format::BFLOAT16, {256, 0.5f, -256, 0}), right = hold(Format::BFLOAT16, {1, 1, 1, 1});
  Address product = allocate(1);
  Handle cublas = new_cublas(machine);
  auto multiply = [&](int mode) {
    OK(cublasSetMathMode(cublas, mode));
    OK(cublasGemmStridedBatchedEx(cublas, 0, 0, 1, 1, 4, &kOne, left.memory, 14, 1, 4, right.memory, 14, 4, 4, &kZero,
                                  product, 14, 1, 1, 1, 68, -1));
    OK(cuStreamSynchronize(machine.stream));
    return read(Format::BFLOAT16, product, 1)[0];
  };
  CHECK(multiply(0) == 0);
  CHECK(multiply(16) == 0.5f);
}

void freed_operands_are_noticed() {
  Machine machine;
  Address memory = upload(std::vector<float>(256, 1.0f));
  Handle cublas = new_cublas(machine);
  OK(cuMemFree_v2(memory));
  OK(multiply_2x2(cublas, memory));
  GIVES(700, cuStreamSynchronize(machine.stream));
}

struct Shape {
  int n, c, h, w, k, kernel_h, kernel_w, padding, stride, dilation, groups;

  int out(int in, int kernel) const { return (in + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1; }
  int out_h() const { return out(h, kernel_h); }
  int out_w() const { return out(w, kernel_w); }
  size_t x_count() const { return size_t(n) * c * h * w; }
  size_t w_count() const { return size_t(k) * kernel_h * kernel_w * c / groups; }
  size_t y_count() const { return size_t(n) * k * out_h() * out_w(); }
};

/** Calls body(index in x, in w, in y) for every product of the convolution. */
template <class Body>
void each_product(const Shape &s, Body body) {
  int channels = s.c / s.groups;
  for (size_t y = 0; y < s.y_count(); y++) {
    size_t filter = y % s.k, column = y / s.k % s.out_w(), row = y / s.k / s.out_w() % s.out_h();
    size_t image = y / s.k / s.out_w() / s.out_h(), group = filter / (s.k / s.groups);
    for (int i = 0; i < s.kernel_h; i++) {
      for (int j = 0; j < s.kernel_w; j++) {
        int h = int(row) * s.stride - s.padding + i * s.dilation;
        int w = int(column) * s.stride - s.padding + j * s.dilation;
        if (h < 0 || w < 0 || h >= s.h || w >= s.w) continue;
        for (int c = 0; c < channels; c++) {
          body(((image * s.h + h) * s.w + w) * s.c + group * channels + c,
               ((filter * s.kernel_h + i) * s.kernel_w + j) * channels + c, y);
        }
      }
    }
  }
}

constexpr int kNhwc = 1;

struct Cudnn {
  Handle handle = nullptr, x = nullptr, w = nullptr, y = nullptr, window = nullptr;

  Cudnn(const Machine &machine, const Shape &s, Format format) {
    constexpr int kCrossCorrelation = 1, kFma = 3;
    int type = dnn_type(format);
    OK(cudnnCreate(&handle));
    OK(cudnnSetStream(handle, machine.stream));
    OK(cudnnCreateTensorDescriptor(&x));
    OK(cudnnCreateTensorDescriptor(&y));
    OK(cudnnCreateFilterDescriptor(&w));
    OK(cudnnCreateConvolutionDescriptor(&window));
    OK(cudnnSetTensor4dDescriptor(x, kNhwc, type, s.n, s.c, s.h, s.w));
    OK(cudnnSetTensor4dDescriptor(y, kNhwc, type, s.n, s.k, s.out_h(), s.out_w()));
    OK(cudnnSetFilter4dDescriptor(w, type, kNhwc, s.k, s.c / s.groups, s.kernel_h, s.kernel_w));
    OK(cudnnSetConvolution2dDescriptor(window, s.padding, s.padding, s.stride, s.stride, s.dilation, s.dilation,
                                       kCrossCorrelation, 0));
    OK(cudnnSetConvolutionGroupCount(window, s.groups));
    OK(cudnnSetConvolutionMathType(window, kFma));
  }

  ~Cudnn() {
    OK(cudnnDestroyTensorDescriptor(x));
    OK(cudnnDestroyTensorDescriptor(y));
    OK(cudnnDestroyFilterDescriptor(w));
    OK(cudnnDestroyConvolutionDescriptor(window));
    OK(cudnnDestroy(handle));
  }
};

void convolves(const Shape &s, Format format, int algorithm) {
  Machine machine;
  Cudnn cudnn(machine, s, format);
  Held x = hold(format, random_values(s.x_count(), 1)), w = hold(format, random_values(s.w_count(), 2));
  Held dy = hold(format, random_values(s.y_count(), 3));
  Address y = hold(format, dy.values).memory, dx = hold(format, x.values).memory, dw = hold(format, w.values).memory;
  size_t bytes = 0;
  auto workspace = [&] { return allocate(bytes / 4 + 1); };
  OK(cudnnGetConvolutionForwardWorkspaceSize(cudnn.handle, cudnn.x, cudnn.w, cudnn.window, cudnn.y, algorithm, &bytes));
  OK(cudnnConvolutionForward(cudnn.handle, &kOne, cudnn.x, x.memory, cudnn.w, w.memory, cudnn.window, algorithm,
                             workspace(), bytes, &kZero, cudnn.y, y));
  OK(cudnnGetConvolutionBackwardDataWorkspaceSize(cudnn.handle, cudnn.w, cudnn.y, cudnn.window, cudnn.x, algorithm,
                                                  &bytes));
  OK(cudnnConvolutionBackwardData(cudnn.handle, &kOne, cudnn.w, w.memory, cudnn.y, dy.memory, cudnn.window, algorithm,
                                  workspace(), bytes, &kOne, cudnn.x, dx));
  OK(cudnnGetConvolutionBackwardFilterWorkspaceSize(cudnn.handle, cudnn.x, cudnn.y, cudnn.window, cudnn.w, algorithm,
                                                    &bytes));
  OK(cudnnConvolutionBackwardFilter(cudnn.handle, &kOne, cudnn.x, x.memory, cudnn.y, dy.memory, cudnn.window,
                                    algorithm, workspace(), bytes, &kZero, cudnn.w, dw));
  OK(cuStreamSynchronize(machine.stream));
  std::vector<double> expected_y(s.y_count()), expected_dw(s.w_count());
  std::vector<double> expected_dx(x.values.begin(), x.values.end());  // beta is 1: added to what was there
  each_product(s, [&](size_t i, size_t j, size_t k) {
    expected_y[k] += double{x.values[i]} * w.values[j];
    expected_dx[i] += double{dy.values[k]} * w.values[j];
    expected_dw[j] += double{dy.values[k]} * x.values[i];
  });
  check_close(format, expected_y, read(format, y, s.y_count()));
  check_close(format, expected_dx, read(format, dx, s.x_count()));
  check_close(format, expected_dw, read(format, dw, s.w_count()));
}

/** relu(convolution + z + bias), z lying under y; and what cuDNN refuses. */
void convolves_with_what_is_behind(Format format) {
  Machine machine;
  Shape s{2, 3, 9, 7, 8, 3, 3, 1, 1, 1, 1};
  Cudnn cudnn(machine, s, format);
  Handle bias_shape = nullptr, activation = nullptr;
  const int type = dnn_type(format), kRelu = 1, kIdentity = 5;
  OK(cudnnCreateTensorDescriptor(&bias_shape));
  OK(cudnnSetTensor4dDescriptor(bias_shape, kNhwc, type, 1, s.k, 1, 1));
  OK(cudnnCreateActivationDescriptor(&activation));
  Held x = hold(format, random_values(s.x_count(), 1)), w = hold(format, random_values(s.w_count(), 2));
  Held bias = hold(format, random_values(s.k, 3)), z = hold(format, random_values(s.y_count(), 4));
  Address workspace = allocate(1 << 16);
  auto convolve = [&](int mode, int nan, int algorithm, Address from, Address to) {
    OK(cudnnSetActivationDescriptor(activation, mode, nan, 0));
    return cudnnConvolutionBiasActivationForward(cudnn.handle, &kOne, cudnn.x, from, cudnn.w, w.memory, cudnn.window,
                                                 algorithm, workspace, 1 << 18, &kOne, cudnn.y, to, bias_shape,
                                                 bias.memory, activation, cudnn.y, to);
  };
  GIVES(3000, convolve(kIdentity, 0, 0, x.memory, z.memory));
  GIVES(3000, convolve(kRelu, 1, 1, x.memory, z.memory));
  GIVES(2000, convolve(kRelu, 0, 1, z.memory, z.memory));
  std::vector<double> expected(z.values.begin(), z.values.end());
  for (size_t i = 0; i < expected.size(); i++) expected[i] += bias.values[i % size_t(s.k)];
  each_product(s, [&](size_t i, size_t j, size_t k) { expected[k] += double{x.values[i]} * w.values[j]; });
  Address sum = hold(format, z.values).memory;
  OK(convolve(kIdentity, 0, 1, x.memory, sum));
  OK(convolve(kRelu, 0, 0, x.memory, z.memory));
  OK(cuStreamSynchronize(machine.stream));
  check_close(format, expected, read(format, sum, s.y_count()));
  for (double &value : expected) value = std::max(value, 0.0);
  check_close(format, expected, read(format, z.memory, s.y_count()));
  OK(cudnnSetTensor4dDescriptor(bias_shape, kNhwc, type == 0 ? 2 : 0, 1, s.k, 1, 1));
  GIVES(2000, convolve(kRelu, 0, 1, x.memory, z.memory));
  OK(cudnnDestroyActivationDescriptor(activation));
  OK(cudnnDestroyTensorDescriptor(bias_shape));
}

void workspace_is_demanded_and_spoilt() {
  Machine machine;
  Shape s{1, 4, 6, 6, 4, 3, 3, 1, 1, 1, 1};
  Cudnn cudnn(machine, s, Format::FLOAT);
  Address x = upload(random_values(s.x_count(), 1)), w = upload(random_values(s.w_count(), 2));
  Address y = allocate(s.y_count());
  size_t bytes = 0;
  OK(cudnnGetConvolutionForwardWorkspaceSize(cudnn.handle, cudnn.x, cudnn.w, cudnn.window, cudnn.y, 1, &bytes));
  Address workspace = upload(std::vector<float>(bytes / 4, 1.0f));
  auto convolve = [&](Address space, size_t size) {
    return cudnnConvolutionForward(cudnn.handle, &kOne, cudnn.x, x, cudnn.w, w, cudnn.window, 1, space, size, &kZero,
                                   cudnn.y, y);
  };
  GIVES(2000, convolve(workspace, bytes - 1));
  GIVES(2000, convolve(0, bytes));
  OK(convolve(workspace, bytes));
  OK(cuStreamSynchronize(machine.stream));
  for (float value : download(workspace, bytes / 4)) CHECK(std::isnan(value));
  GIVES(3000, cudnnCreatePoolingDescriptor(&cudnn.y));
}

/** cudnnConvolutionBwdFilterAlgoPerf_t */
struct Performance {
  int algorithm, status;
  float milliseconds;
  size_t memory;
  int deterministic, math_type, reserved[3];
};

void finding_lists_algorithms_by_time() {
  Machine machine;
  Shape s{16, 4, 6, 6, 4, 3, 3, 1, 1, 1, 1};
  Cudnn cudnn(machine, s, Format::FLOAT);
  Address x = upload(random_values(s.x_count(), 1)), dy = upload(random_values(s.y_count(), 2));
  Address dw = allocate(s.w_count()), workspace = allocate(1 << 16);
  Performance found[4];
  int count = 0;
  OK(cudnnFindConvolutionBackwardFilterAlgorithmEx(cudnn.handle, cudnn.x, x, cudnn.y, dy, cudnn.window, cudnn.w, dw, 4,
                                                   &count, found, workspace, 1 << 18));
  CHECK(count == 3 && found[0].milliseconds < found[1].milliseconds && !found[0].deterministic);
  for (const Performance &each : found) {
    if (&each - found == count) break;
    std::vector<std::vector<float>> results;
    for (int run = 0; run < 2; run++) {
      OK(cudnnConvolutionBackwardFilter(cudnn.handle, &kOne, cudnn.x, x, cudnn.y, dy, cudnn.window, each.algorithm,
                                        workspace, each.memory, &kZero, cudnn.w, dw));
      OK(cuStreamSynchronize(machine.stream));
      results.push_back(download(dw, s.w_count()));
    }
    CHECK((results[0] == results[1]) == (each.deterministic == 1));
  }
  OK(cudnnFindConvolutionBackwardFilterAlgorithmEx(cudnn.handle, cudnn.x, x, cudnn.y, dy, cudnn.window, cudnn.w, dw, 4,
                                                   &count, found, workspace, 0));
  CHECK(found[0].status == 0 && found[1].status != 0);  // only one needs no workspace
}

}  // namespace

void test_formats() {
  for (unsigned bits = 0; bits < 0x10000; bits++) {
    uint16_t half = uint16_t(bits), back = 0;
    _Float16 builtin;
    memcpy(&builtin, &half, 2);
    float value = 0, expected = float(builtin);
    sim::load(Format::HALF, &half, &value, 1);
    CHECK(value == expected || (std::isnan(value) && std::isnan(expected)));
    sim::store(Format::HALF, &value, &back, 1, 1, 0);
    CHECK(back == half || std::isnan(value));
  }
  std::mt19937 generator(1);
  for (int i = 0; i < 1000000; i++) {
    uint32_t bits = uint32_t(generator());
    if (i % 2) bits = (bits & 0x80001FFF) | (0x33000000 + bits % 0x16000000) / 0x1000 * 0x1000;  // ties and neighbours
    float value;
    memcpy(&value, &bits, 4);
    _Float16 builtin = _Float16(value);
    uint16_t expected, given = 0;
    memcpy(&expected, &builtin, 2);
    sim::store(Format::HALF, &value, &given, 1, 1, 0);
    CHECK(given == expected || std::isnan(value));
    sim::store(Format::BFLOAT16, &value, &given, 1, 1, 0);
    float above, below;
    uint32_t high = uint32_t(given) << 16;
    memcpy(&above, &high, 4);
    uint32_t truncated = bits & 0xFFFF0000;
    memcpy(&below, &truncated, 4);
    bool tie = (bits & 0xFFFF) == 0x8000, up = (bits & 0xFFFF) > 0x8000 || (tie && (bits & 0x10000));
    CHECK(std::isnan(value) || (up ? high == truncated + 0x10000 : above == below));
  }
}

void test_cublas() {
  for (Format format : {Format::FLOAT, Format::HALF, Format::BFLOAT16}) {
    for (bool flip_a : {false, true}) {
      for (bool flip_b : {false, true}) multiplies(format, flip_a, flip_b, flip_a ? 0.5f : 0.0f);
    }
  }
  workspace_is_used_and_needed_for_capture();
  tf32_is_coarser();
  parts_are_rounded_unless_told_otherwise();
  freed_operands_are_noticed();
}

void test_cudnn() {
  const Shape shapes[] = {
      {2, 3, 9, 7, 8, 3, 3, 1, 1, 1, 1}, {2, 6, 8, 9, 4, 3, 2, 2, 2, 2, 2}, {1, 8, 5, 5, 8, 3, 3, 1, 1, 1, 8},
      {3, 16, 1, 1, 20, 1, 1, 0, 1, 1, 1}, {1, 2, 30, 30, 3, 7, 7, 3, 2, 1, 1},
  };
  for (const Shape &shape : shapes) {
    for (Format format : {Format::FLOAT, Format::HALF, Format::BFLOAT16}) {
      for (int algorithm : {0, 1}) convolves(shape, format, algorithm);
    }
  }
  for (Format format : {Format::FLOAT, Format::HALF, Format::BFLOAT16}) convolves_with_what_is_behind(format);
  workspace_is_demanded_and_spoilt();
  finding_lists_algorithms_by_time();
}

void test_curand() {
  Machine machine;
  Handle generator = nullptr;
  OK(curandCreateGenerator(&generator, 161));
  OK(curandSetStream(generator, machine.stream));
  OK(curandSetPseudoRandomGeneratorSeed(generator, 7));
  const size_t count = 100000;
  Address memory = allocate(count);
  OK(curandGenerateUniform(generator, memory, count));
  OK(cuStreamSynchronize(machine.stream));
  std::vector<float> values = download(memory, count);
  double sum = 0;
  for (float value : values) sum += value;
  CHECK(*std::min_element(values.begin(), values.end()) > 0 && *std::max_element(values.begin(), values.end()) <= 1);
  CHECK(std::abs(sum / count - 0.5) < 0.01);
  OK(curandGenerateUniform(generator, memory, count));
  OK(cuStreamSynchronize(machine.stream));
  CHECK(download(memory, count) != values);
  OK(curandSetPseudoRandomGeneratorSeed(generator, 7));
  OK(curandGenerateUniform(generator, memory, count));
  OK(cuStreamSynchronize(machine.stream));
  CHECK(download(memory, count) == values);
  OK(curandDestroyGenerator(generator));
}
