#include "stream.h"

namespace sim {
namespace {

unsigned long append(Stream &stream, Work work, MarkerPointer awaited, MarkerPointer marker) {
  Driver &state = driver();
  unsigned long number = ++stream.issued;
  if (marker) {
    marker->stream = &stream;
    marker->number = number;
    marker->reached = false;
  }
  stream.operations.push_back({number, std::move(work), std::move(awaited), std::move(marker)});
  if (!state.settings.lazy) {
    stream.wanted = number;
    state.changed.notify_all();
  }
  return number;
}

/** The default stream and blocking streams wait for one another. */
void order_with_legacy(Stream &stream) {
  Stream &legacy = *stream.context->legacy;
  if (&stream == &legacy) {
    for (const auto &other : driver().streams.all()) {
      if (other->context == stream.context && other->blocking()) await(stream, mark(*other));
    }
  } else if (stream.blocking() && legacy.finished < legacy.issued) {
    await(stream, mark(legacy));
  }
}

}  // namespace

Stream *stream_of(Call &call, Stream *handle) {
  if (reinterpret_cast<uintptr_t>(handle) <= 2) return call.context->legacy.get();
  return driver().streams.has(handle) ? handle : nullptr;
}

int submit(Call &call, Stream &stream, Work work) {
  if (Capture *capture = stream.capture) {
    if (capture->invalid) return STREAM_CAPTURE_INVALIDATED;
    capture->graph->nodes.push_back({std::move(work), stream.tail});
    stream.tail = {capture->graph->nodes.size() - 1};
    return SUCCESS;
  }
  if (&stream == stream.context->legacy.get()) {
    for (const auto &capture : driver().captures.all()) {
      if (capture->origin->context != stream.context || !capture->origin->blocking()) continue;
      capture->invalid = true;
      return call.refuse(STREAM_CAPTURE_IMPLICIT, "the default stream cannot be used while a blocking stream captures");
    }
  }
  order_with_legacy(stream);
  append(stream, std::move(work), nullptr, nullptr);
  return SUCCESS;
}

void await(Stream &stream, MarkerPointer marker) {
  if (!marker || marker->reached || marker->stream == &stream) return;
  append(stream, {"wait", nullptr}, std::move(marker), nullptr);
}

MarkerPointer mark(Stream &stream) {
  auto marker = std::make_shared<Marker>();
  append(stream, {"mark", nullptr}, nullptr, marker);
  return marker;
}

void want(const MarkerPointer &marker) {
  if (!marker || marker->reached || marker->stream->wanted >= marker->number) return;
  marker->stream->wanted = marker->number;
  driver().wishes++;
  driver().changed.notify_all();
}

int wait_for(Call &call, const MarkerPointer &marker, Context &context) {
  want(marker);
  driver().changed.wait(call.lock, [&] { return !marker || marker->reached; });
  if (!context.error) {
    std::string damage = context.device->memory.damage();
    if (!damage.empty()) context.error = call.refuse(ILLEGAL_ADDRESS, "%s", damage.c_str());
  }
  return context.error;
}

int drain(Call &call, Stream &stream) { return wait_for(call, mark(stream), *stream.context); }

int drain(Call &call, Context &context) {
  std::vector<MarkerPointer> ends = {mark(*context.legacy)};
  for (const auto &stream : driver().streams.all()) {
    if (stream->context == &context) ends.push_back(mark(*stream));
  }
  for (const MarkerPointer &end : ends) want(end);
  for (const MarkerPointer &end : ends) wait_for(call, end, context);
  return context.error;
}

}  // namespace sim
