#include "algorithm.h"

#include <atomic>

#include "status.h"

namespace sim::cudnn {
namespace {

std::vector<float> read(const Tensor &tensor, const void *from, bool tf32) {
  std::vector<float> values(tensor.elements());
  load(*tensor.format(), from, values.data(), values.size());
  if (tf32) round_to_tf32(values.data(), values.size());
  return values;
}

/** ReLU lets no NaN through, as behind cuDNN's convolutions. */
void finish(const Problem &problem, const Ending &ending, float scale, std::vector<float> &y) {
  std::vector<float> bias(problem.w.n), z(y.size());
  load(*problem.y.format(), ending.bias, bias.data(), bias.size());
  if (ending.alpha != 0) load(*problem.y.format(), ending.z, z.data(), z.size());
  for (size_t i = 0; i < y.size(); i++) {
    float sum = scale * y[i] + ending.alpha * z[i] + bias[i % bias.size()];
    y[i] = ending.relu && !(sum > 0) ? 0 : sum;
  }
}

void run(const Problem &problem, Direction direction, const Call &call, size_t rotation) {
  bool tf32 = problem.tf32();
  auto operand = [&](Direction result, const Tensor &tensor, const void *from) {
    return direction == result ? std::vector<float>(tensor.elements()) : read(tensor, from, tf32);
  };
  Values values{operand(Direction::DATA, problem.x, call.x), operand(Direction::FILTER, problem.w, call.w),
                operand(Direction::FORWARD, problem.y, call.y)};
  convolve(problem, direction, values, rotation);
  if (call.ending) finish(problem, *call.ending, call.alpha, values.y);
  float alpha = call.ending ? 1 : call.alpha;
  auto write = [&](const Tensor &tensor, const std::vector<float> &result, const void *to) {
    store(*tensor.format(), result.data(), const_cast<void *>(to), result.size(), alpha, call.beta);
  };
  switch (direction) {
    case Direction::FORWARD: write(problem.y, values.y, call.y); break;
    case Direction::DATA: write(problem.x, values.x, call.x); break;
    case Direction::FILTER: write(problem.w, values.w, call.w); break;
  }
}

/** Differs from run to run. */
size_t next_rotation() {
  static std::atomic<size_t> runs{0};
  return ++runs;
}

}  // namespace

const std::vector<Algorithm> &algorithms(Direction direction) {
  static const std::vector<Algorithm> forward = {{1, true, 1, 1}, {0, true, 3, 0}, {2, true, 2, 4}};
  static const std::vector<Algorithm> data = {{0, false, 1, 0}, {1, true, 2, 1}, {2, true, 3, 4}};
  static const std::vector<Algorithm> filter = {{3, false, 1, 4}, {0, false, 2, 0}, {1, true, 3, 1}};
  switch (direction) {
    case Direction::FORWARD: return forward;
    case Direction::DATA: return data;
    case Direction::FILTER: break;
  }
  return filter;
}

const Algorithm *find_algorithm(Direction direction, int number) {
  for (const Algorithm &algorithm : algorithms(direction)) {
    if (algorithm.number == number) return &algorithm;
  }
  return nullptr;
}

size_t workspace_bytes(const Algorithm &algorithm, const Problem &problem) {
  size_t windows = static_cast<size_t>(problem.y.h) * problem.y.w * problem.w.h * problem.w.w * problem.w.c;
  return algorithm.workspace * ((windows * sizeof(float) + 255) / 256 * 256);
}

int submit(const char *function, Stream *stream, const Problem &problem, Direction direction,
           const Algorithm &algorithm, const Call &call) {
  size_t needed = workspace_bytes(algorithm, problem);
  if (needed > call.workspace_bytes || (needed && !call.workspace)) {
    complain(function, "algorithm %d needs a workspace of %zu bytes, not %zu", algorithm.number, needed,
             call.workspace_bytes);
    return BAD_PARAM;
  }
  std::vector<Operand> operands = {{call.x, problem.x.bytes()},
                                   {call.w, problem.w.bytes()},
                                   {call.y, problem.y.bytes()},
                                   {call.workspace, needed}};
  if (call.ending) {
    operands.push_back({call.ending->bias, problem.w.n * bytes_of(*problem.y.format())});
    operands.push_back({call.ending->z, problem.y.bytes()});
  }
  auto work = [=] {
    scribble(call.workspace, needed);
    run(problem, direction, call, algorithm.deterministic ? 0 : next_rotation());
  };
  return submit_library_work(stream, function, std::move(operands), std::move(work)) ? EXECUTION_FAILED : SUCCESS;
}

}  // namespace sim::cudnn
