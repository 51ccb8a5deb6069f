// The interface's part on streams and events.
#include "stream.h"

namespace sim {
namespace {

int record(Call &call, Event *event, Stream *handle) {
  Stream *stream = stream_of(call, handle);
  if (!stream || !driver().events.has(event)) return INVALID_HANDLE;
  if (stream->context != event->context) {
    return call.refuse(INVALID_HANDLE, "event and stream are of different contexts");
  }
  if (stream->capture) {
    if (stream->capture->invalid) return STREAM_CAPTURE_INVALIDATED;
    event->capture = stream->capture;
    event->nodes = stream->tail;
    return SUCCESS;
  }
  event->capture = nullptr;
  event->marker = mark(*stream);
  return SUCCESS;
}

int join_capture(Call &call, Stream &stream, Event &event) {
  if (!event.capture) {
    stream.capture->invalid = true;
    return call.refuse(STREAM_CAPTURE_ISOLATION, "a capturing stream cannot wait for an event recorded outside");
  }
  if (stream.capture && stream.capture != event.capture) {
    stream.capture->invalid = event.capture->invalid = true;
    return STREAM_CAPTURE_MERGE;
  }
  stream.capture = event.capture;
  stream.capture->streams.insert(&stream);
  stream.tail.insert(event.nodes.begin(), event.nodes.end());
  return SUCCESS;
}

int wait_event(Call &call, Stream *handle, Event *event) {
  Stream *stream = stream_of(call, handle);
  if (!stream || !driver().events.has(event)) return INVALID_HANDLE;
  if (stream->capture || event->capture) return join_capture(call, *stream, *event);
  await(*stream, event->marker);
  return SUCCESS;
}

/** Why a stream cannot be waited for now. */
int check_idle(Call &call, Stream &stream) {
  if (!stream.capture) return SUCCESS;
  stream.capture->invalid = true;
  return call.refuse(STREAM_CAPTURE_UNSUPPORTED, "the stream captures");
}

int check_idle(Call &call, Event *event) {
  if (!driver().events.has(event)) return INVALID_HANDLE;
  if (!event->capture) return SUCCESS;
  event->capture->invalid = true;
  return call.refuse(CAPTURED_EVENT, "the event was recorded in a capture");
}

int query(Call &call, const MarkerPointer &marker) {
  if (!marker || marker->reached) return call.context->error;
  want(marker);
  return NOT_READY;
}

/** Waits for the stream's work, as CUDA does before it lets go of what the work uses. */
int destroy(Call &call, Stream *stream) {
  if (!driver().streams.has(stream)) return INVALID_HANDLE;
  if (stream->capture) {
    Capture *capture = stream->capture;
    capture->invalid = true;
    if (capture->origin == stream) {
      capture->release();
      driver().captures.remove(capture);
    } else {
      capture->streams.erase(stream);
    }
  }
  drain(call, *stream);
  driver().streams.remove(stream);
  return SUCCESS;
}

}  // namespace

CUDA_API cuStreamCreateWithPriority(Stream **stream, unsigned flags, int) {
  return call_in_context(__func__, [&](Call &call) -> int {
    if (flags > 1) return INVALID_VALUE;
    *stream = driver().streams.add(std::unique_ptr<Stream>(new Stream{call.context, flags, {}}));
    return SUCCESS;
  });
}

CUDA_API cuStreamCreate(Stream **stream, unsigned flags) {
  return call_in_context(__func__, [&](Call &call) -> int {
    if (flags > 1) return INVALID_VALUE;
    *stream = driver().streams.add(std::unique_ptr<Stream>(new Stream{call.context, flags, {}}));
    return SUCCESS;
  });
}

CUDA_API cuStreamDestroy_v2(Stream *stream) {
  return call_initialized(__func__, [&](Call &call) { return destroy(call, stream); });
}

CUDA_API cuStreamSynchronize(Stream *handle) {
  return call_in_context(__func__, [&](Call &call) -> int {
    Stream *stream = stream_of(call, handle);
    if (!stream) return INVALID_HANDLE;
    int code = check_idle(call, *stream);
    return code ? code : drain(call, *stream);
  });
}

CUDA_API cuStreamQuery(Stream *handle) {
  return call_in_context(__func__, [&](Call &call) -> int {
    Stream *stream = stream_of(call, handle);
    if (!stream) return INVALID_HANDLE;
    if (int code = check_idle(call, *stream)) return code;
    return stream->finished == stream->issued ? SUCCESS : query(call, mark(*stream));
  });
}

CUDA_API cuStreamWaitEvent(Stream *stream, Event *event, unsigned) {
  return call_in_context(__func__, [&](Call &call) { return wait_event(call, stream, event); });
}

CUDA_API cuStreamGetFlags(Stream *handle, unsigned *flags) {
  return call_in_context(__func__, [&](Call &call) -> int {
    Stream *stream = stream_of(call, handle);
    if (!stream) return INVALID_HANDLE;
    *flags = stream->flags;
    return SUCCESS;
  });
}

CUDA_API cuStreamGetCtx(Stream *handle, Context **context) {
  return call_in_context(__func__, [&](Call &call) -> int {
    Stream *stream = stream_of(call, handle);
    if (!stream) return INVALID_HANDLE;
    *context = stream->context;
    return SUCCESS;
  });
}

CUDA_API cuEventCreate(Event **event, unsigned flags) {
  return call_in_context(__func__, [&](Call &call) -> int {
    *event = driver().events.add(std::unique_ptr<Event>(new Event{call.context, flags, nullptr}));
    return SUCCESS;
  });
}

CUDA_API cuEventDestroy_v2(Event *event) {
  return call_initialized(__func__, [&](Call &) -> int {
    if (!driver().events.has(event)) return INVALID_HANDLE;
    driver().events.remove(event);
    return SUCCESS;
  });
}

CUDA_API cuEventRecord(Event *event, Stream *stream) {
  return call_in_context(__func__, [&](Call &call) { return record(call, event, stream); });
}

CUDA_API cuEventSynchronize(Event *event) {
  return call_in_context(__func__, [&](Call &call) -> int {
    int code = check_idle(call, event);
    return code ? code : wait_for(call, event->marker, *event->context);
  });
}

CUDA_API cuEventQuery(Event *event) {
  return call_in_context(__func__, [&](Call &call) -> int {
    if (int code = forbidden_while_capturing(call)) return code;
    int code = check_idle(call, event);
    return code ? code : query(call, event->marker);
  });
}

CUDA_API cuEventElapsedTime(float *milliseconds, Event *from, Event *to) {
  return call_in_context(__func__, [&](Call &) -> int {
    if (!driver().events.has(from) || !driver().events.has(to)) return INVALID_HANDLE;
    if (((from->flags | to->flags) & 2) || !from->marker || !to->marker) return INVALID_HANDLE;  // 2: without timing
    if (!from->marker->reached || !to->marker->reached) return NOT_READY;
    *milliseconds = static_cast<float>(to->marker->milliseconds - from->marker->milliseconds);
    return SUCCESS;
  });
}

}  // namespace sim
