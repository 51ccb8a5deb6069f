package io.ventral.run;

import io.ventral.backend.Launch;

/** A launch on device {@code device} of the mesh. */
record Step(int device, Launch launch) {}
