// Streams and their workers.
#pragma once

#include "driver.h"

namespace sim {

/** The stream of a handle, where 0, 1 and 2 mean the default stream; null if it is none. */
Stream *stream_of(Call &call, Stream *handle);

/** Gives work to a stream, or to the capture it is part of. */
int submit(Call &call, Stream &stream, Work work);

/** Lets the stream wait for a point of another one. */
void await(Stream &stream, MarkerPointer marker);

/** A point behind everything given to the stream so far. */
MarkerPointer mark(Stream &stream);

/** Starts what leads to the point. */
void want(const MarkerPointer &marker);

/** Waits until the point is reached; the context's error, if any. */
int wait_for(Call &call, const MarkerPointer &marker, Context &context);
/** Waits for everything given to the stream. */
int drain(Call &call, Stream &stream);
/** Waits for everything given to the context's streams. */
int drain(Call &call, Context &context);

void start_worker(Device &device);

/** Whether something forbidden during a capture may not be called now; then the capture it would disturb is invalid. */
int forbidden_while_capturing(Call &call);

}  // namespace sim
