// The algorithms that the simulation pretends to have, and what they ask for.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "../driver/library.h"
#include "problem.h"

namespace sim::cudnn {

struct Algorithm {
  int number;          // cudnnConvolution…Algo_t
  bool deterministic;
  int rank;            // the smaller, the faster it is said to be
  int workspace;       // in units of one image's windows
};

const std::vector<Algorithm> &algorithms(Direction direction);

/** The algorithm of this number, or null. */
const Algorithm *find_algorithm(Direction direction, int number);

/** Bytes of workspace that it needs for this problem. */
size_t workspace_bytes(const Algorithm &algorithm, const Problem &problem);

/** What is done with a convolution before it is rounded: alpha · z + bias is added, and the sum perhaps rectified. */
struct Ending {
  const void *bias, *z;
  float alpha;
  bool relu;
};

/** The pointers of one call. */
struct Call {
  const void *x, *w, *y;  // the result among them
  void *workspace;
  size_t workspace_bytes;
  float alpha, beta;
  std::optional<Ending> ending = std::nullopt;
};

/** Gives the convolution to the stream; a cudnnStatus_t. */
int submit(const char *function, Stream *stream, const Problem &problem, Direction direction,
           const Algorithm &algorithm, const Call &call);

}  // namespace sim::cudnn
