// The interface's part on graphs.
#include "graph.h"

#include "stream.h"

namespace sim {
namespace {

Work launch_of(const GraphExec &exec) {
  return {"graph", [order = exec.order]() -> Failure {
            for (const Work &work : *order) {
              Failure failure = work.run();
              if (failure.code) return {failure.code, work.name + ": " + failure.reason};
            }
            return {};
          }};
}

int launch(Call &call, GraphExec *exec, Stream *handle) {
  Stream *stream = stream_of(call, handle);
  if (!stream || !driver().execs.has(exec)) return INVALID_HANDLE;
  if (stream->context != call.context) return call.refuse(INVALID_HANDLE, "the stream is another context's");
  if (!stream->capture) await(*stream, exec->last);
  int code = submit(call, *stream, launch_of(*exec));
  if (!code && !stream->capture) exec->last = mark(*stream);
  return code;
}

int instantiate(GraphExec **result, Graph *graph) {
  if (!driver().graphs.has(graph)) return INVALID_VALUE;
  auto order = std::make_shared<const std::vector<Work>>(execution_order(*graph));
  *result = driver().execs.add(std::make_unique<GraphExec>(GraphExec{std::move(order), nullptr}));
  return SUCCESS;
}

}  // namespace

std::vector<Work> execution_order(const Graph &graph) {
  std::vector<std::set<size_t>> missing;
  for (const Node &node : graph.nodes) missing.push_back(node.after);
  std::set<size_t> open;
  for (size_t node = 0; node < graph.nodes.size(); node++) open.insert(node);
  std::vector<Work> order;
  while (!open.empty()) {
    auto last = std::find_if(open.rbegin(), open.rend(), [&](size_t node) { return missing[node].empty(); });
    size_t node = *last;
    open.erase(node);
    for (size_t other : open) missing[other].erase(node);
    order.push_back(graph.nodes[node].work);
  }
  return order;
}

CUDA_API cuGraphInstantiateWithFlags(GraphExec **exec, Graph *graph, unsigned long long) {
  return call_in_context(__func__, [&](Call &) { return instantiate(exec, graph); });
}

CUDA_API cuGraphLaunch(GraphExec *exec, Stream *stream) {
  return call_in_context(__func__, [&](Call &call) { return launch(call, exec, stream); });
}

CUDA_API cuGraphUpload(GraphExec *exec, Stream *) {
  return call_in_context(__func__, [&](Call &) -> int { return driver().execs.has(exec) ? SUCCESS : INVALID_HANDLE; });
}

CUDA_API cuGraphGetNodes(Graph *graph, void **nodes, size_t *count) {
  return call_in_context(__func__, [&](Call &) -> int {
    if (!driver().graphs.has(graph)) return INVALID_VALUE;
    if (nodes) return NOT_SUPPORTED;
    *count = graph->nodes.size();
    return SUCCESS;
  });
}

CUDA_API cuGraphDestroy(Graph *graph) {
  return call_initialized(__func__, [&](Call &) -> int {
    if (!driver().graphs.has(graph)) return INVALID_VALUE;
    driver().graphs.remove(graph);
    return SUCCESS;
  });
}

CUDA_API cuGraphExecDestroy(GraphExec *exec) {
  return call_initialized(__func__, [&](Call &call) -> int {
    if (!driver().execs.has(exec)) return INVALID_VALUE;
    MarkerPointer last = exec->last;
    if (last && !last->reached) wait_for(call, last, *last->stream->context);
    driver().execs.remove(exec);
    return SUCCESS;
  });
}

}  // namespace sim
