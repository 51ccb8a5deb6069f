// Captured work, and the capture of it.
#pragma once

#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "work.h"

namespace sim {

struct Context;
struct Stream;

struct Node {
  Work work;
  std::set<size_t> after;  // the nodes it has to wait for
};

struct Graph {
  std::vector<Node> nodes;
};

/** A graph that can be launched. */
struct GraphExec {
  std::shared_ptr<const std::vector<Work>> order;
  MarkerPointer last;  // the last launch: one graph runs once at a time
};

enum class CaptureMode { GLOBAL = 0, THREAD_LOCAL = 1, RELAXED = 2 };

/** A capture under way. */
struct Capture {
  CaptureMode mode;
  std::thread::id thread;
  Stream *origin;
  Graph *graph;
  bool invalid = false;
  std::set<Stream *> streams;

  /** Ends it: its streams are ordinary ones again. */
  void release();
};

/**
 * An order that keeps to the dependencies and otherwise takes what was captured last first, so that a missing
 * dependency shows.
 */
std::vector<Work> execution_order(const Graph &graph);

}  // namespace sim
