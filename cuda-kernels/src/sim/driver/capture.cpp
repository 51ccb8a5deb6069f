// The interface's part on capturing streams.
#include "stream.h"

namespace sim {
namespace {

CaptureMode &thread_mode() {
  static thread_local CaptureMode mode = CaptureMode::GLOBAL;
  return mode;
}

bool forbids(const Capture &capture) {
  if (thread_mode() == CaptureMode::RELAXED || capture.mode == CaptureMode::RELAXED) return false;
  if (capture.thread == std::this_thread::get_id()) return true;
  return thread_mode() == CaptureMode::GLOBAL && capture.mode == CaptureMode::GLOBAL;
}

int begin(Call &call, Stream *handle, CaptureMode mode) {
  Stream *stream = stream_of(call, handle);
  if (!stream) return INVALID_HANDLE;
  if (stream == stream->context->legacy.get()) {
    return call.refuse(STREAM_CAPTURE_UNSUPPORTED, "the default stream cannot capture");
  }
  if (stream->capture) return ILLEGAL_STATE;
  Driver &state = driver();
  Graph *graph = state.graphs.add(std::make_unique<Graph>());
  stream->capture = state.captures.add(
      std::make_unique<Capture>(Capture{mode, std::this_thread::get_id(), stream, graph, false, {stream}}));
  stream->tail.clear();
  return SUCCESS;
}

/** Whether all that was captured is waited for by the end of the origin. */
bool joined(const Capture &capture) {
  const std::vector<Node> &nodes = capture.graph->nodes;
  std::set<size_t> before;
  std::vector<size_t> open(capture.origin->tail.begin(), capture.origin->tail.end());
  while (!open.empty()) {
    size_t node = open.back();
    open.pop_back();
    if (before.insert(node).second) open.insert(open.end(), nodes[node].after.begin(), nodes[node].after.end());
  }
  return before.size() == nodes.size();
}

int end(Call &call, Stream *stream, Graph **result) {
  *result = nullptr;
  if (!driver().streams.has(stream)) return INVALID_HANDLE;
  Capture *capture = stream->capture;
  if (!capture) return ILLEGAL_STATE;
  if (capture->mode != CaptureMode::RELAXED && capture->thread != std::this_thread::get_id()) {
    return STREAM_CAPTURE_WRONG_THREAD;
  }
  if (capture->origin != stream) {
    capture->invalid = true;
    return STREAM_CAPTURE_UNMATCHED;
  }
  int code = SUCCESS;
  if (capture->invalid) {
    code = STREAM_CAPTURE_INVALIDATED;
  } else if (!joined(*capture)) {
    code = call.refuse(STREAM_CAPTURE_UNJOINED, "another stream's captured work is not waited for");
  }
  Graph *graph = capture->graph;
  capture->release();
  driver().captures.remove(capture);
  if (code) {
    driver().graphs.remove(graph);
  } else {
    *result = graph;
  }
  return code;
}

}  // namespace

void Capture::release() {
  for (Stream *stream : streams) {
    stream->capture = nullptr;
    stream->tail.clear();
  }
  for (const auto &event : driver().events.all()) {
    if (event->capture == this) event->capture = nullptr;
  }
}

int forbidden_while_capturing(Call &call) {
  int code = SUCCESS;
  for (const auto &capture : driver().captures.all()) {
    if (!forbids(*capture)) continue;
    capture->invalid = true;
    code = STREAM_CAPTURE_UNSUPPORTED;
  }
  return code ? call.refuse(code, "not allowed while a stream captures") : SUCCESS;
}

CUDA_API cuStreamBeginCapture_v2(Stream *stream, CaptureMode mode) {
  return call_in_context(__func__, [&](Call &call) { return begin(call, stream, mode); });
}

CUDA_API cuStreamEndCapture(Stream *stream, Graph **graph) {
  return call_in_context(__func__, [&](Call &call) { return end(call, stream, graph); });
}

CUDA_API cuStreamIsCapturing(Stream *handle, int *status) {
  return call_in_context(__func__, [&](Call &call) -> int {
    Stream *stream = stream_of(call, handle);
    if (!stream) return INVALID_HANDLE;
    *status = !stream->capture ? 0 : stream->capture->invalid ? 2 : 1;
    return SUCCESS;
  });
}

CUDA_API cuThreadExchangeStreamCaptureMode(CaptureMode *mode) {
  return call_initialized(__func__, [&](Call &) -> int {
    std::swap(*mode, thread_mode());
    return SUCCESS;
  });
}

}  // namespace sim
